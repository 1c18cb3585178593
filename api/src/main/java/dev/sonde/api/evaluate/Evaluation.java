package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.report.Metric;
import java.util.List;

/**
 * The result of an evaluation. Its metrics are already in the report; this is what a probe may want
 * for figures of its own.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Evaluation {
  /** The decoder and hook point with the highest cross-validated AUROC; a choice, not a result. */
  Choice best();

  /**
   * Each decoder that was evaluated, in the order of the request, at the hook point where it does
   * best. One that failed is not among them: nothing of it was kept.
   */
  default List<Choice> bestOfEachDecoder() {
    return List.of(best());
  }

  /**
   * Held-out scores under the grouped split, one per example: each row is scored by a decoder that
   * saw nothing of its group.
   *
   * @throws IllegalArgumentException if that combination was not evaluated
   */
  double[] heldOutScores(Choice choice);

  /**
   * Held-out scores of other rows of the same examples, such as a further model's: in the folds of
   * this evaluation, each row is scored by a decoder that saw nothing of its group.
   *
   * @param decoder the short name of one that was evaluated
   * @param fitted rows that it is fitted to, {@code [examples, width]}
   * @param scored rows that are scored, of the same shape; the same ones, or other
   * @return one per example; NaN where no fold held it out
   * @throws IllegalArgumentException if that decoder was not evaluated
   */
  default double[] heldOutScores(String decoder, Matrix fitted, Matrix scored) {
    throw new UnsupportedOperationException("this host fits decoders to its own rows only");
  }

  /** Per example, the outer fold in which it was held out; −1 where it never was. */
  int[] folds();

  /**
   * A metric that is a mean of some values, with its 95 % interval, made as the evaluation's own
   * intervals are: by leaving out groups of rows.
   *
   * @param values one per example
   * @param rows the examples that count
   */
  Metric withInterval(Metric mean, double[] values, int[] rows);

  /**
   * Erasures of the label that the experiment asks for ({@code evaluation.erase}), fitted to all
   * rows at the hook point that is best; none where it asks for none. What they leave of the label
   * is in the report.
   */
  default List<LabelErasure> erasures() {
    return List.of();
  }

  /**
   * An affine map {@code r(x) = x − Σ uₖ (vₖ · (x − μ))} that takes a label out of activations.
   *
   * @param method its name in experiments
   * @param point the hook point whose rows it was fitted to
   * @param removed uₖ, what is subtracted
   * @param read vₖ, what is read, as many as are removed
   * @param mean μ
   */
  record LabelErasure(
      String method, HookPoint point, List<double[]> removed, List<double[]> read, double[] mean) {
    /** An erasure with its lists copied. */
    public LabelErasure {
      removed = List.copyOf(removed);
      read = List.copyOf(read);
    }
  }

  /**
   * A decoder at a hook point.
   *
   * @param decoder its short name
   * @param point where
   */
  record Choice(String decoder, HookPoint point) {}
}
