package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.Measure.Agreement;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Held-out scores and the folds they come from. Scores of different folds come from different fits
 * and are compared within a fold only, except in the pooled figure.
 *
 * @param scores per row; NaN for rows that were never held out
 */
record HeldOut(double[] scores, List<Split> splits, Targets targets) {

  /** The name of the figure that is selected by and tested. */
  static String merit(Targets targets) {
    return targets.kind() == Targets.Kind.BINARY ? "auroc" : "spearman.label";
  }

  /** AUROC within folds weighted by pairs; of graded targets Spearman's weighted by rows. */
  Measure merit() {
    return within(this::meritOf);
  }

  /** The same over all held-out rows together. */
  Measure pooledMerit() {
    return new Measure(List.of(meritOf(heldOutRows())));
  }

  /** Spearman's correlation of scores and targets within folds. */
  Measure spearman() {
    return within(rows -> Correlation.ofRanks(rows, scores, targets));
  }

  /** Pearson's correlation of scores and targets within folds. */
  Measure pearson() {
    return within(rows -> Correlation.ofValues(rows, scores, targets));
  }

  private interface OfRows {
    Agreement of(int[] rows);
  }

  private Measure within(OfRows figure) {
    return new Measure(splits.stream().map(split -> figure.of(split.test())).toList());
  }

  private Agreement meritOf(int[] rows) {
    return targets.kind() == Targets.Kind.BINARY
        ? Ranking.of(rows, scores, targets)
        : Correlation.ofRanks(rows, scores, targets);
  }

  private int[] heldOutRows() {
    return IntStream.range(0, scores.length).filter(r -> !Double.isNaN(scores[r])).toArray();
  }
}
