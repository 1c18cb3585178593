package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Evaluation.Choice;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.control.ControlResult;
import dev.sonde.engine.evaluate.control.EvaluationRun;
import dev.sonde.engine.evaluate.control.Subject;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.statistics.Estimate;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A decoder at a hook point, cross-validated.
 *
 * @param merit the figure of merit within folds
 * @param pooled the same over all held-out rows together
 * @param spearman rank correlation with labels of two classes; empty of graded ones, whose figure
 *     of merit it is
 * @param pearson correlation with the labels
 */
public record Tried(
    Choice choice, Estimate merit, Estimate pooled, Optional<Estimate> spearman, Estimate pearson)
    implements ControlResult.Placed {

  static Tried of(EvaluationRun run, Scored scored) {
    HeldOutScores heldOut = scored.heldOut();
    return new Tried(
        scored.choice(),
        run.estimate(heldOut.merit()),
        run.estimate(heldOut.pooledMerit()),
        run.subject().merit() == Merit.AUROC
            ? Optional.of(run.intervals().correlation(heldOut.spearman()))
            : Optional.empty(),
        run.intervals().correlation(heldOut.pearson()));
  }

  /** What a choice goes by: a figure that does not exist is the worst. */
  public double rank() {
    return Scored.rank(merit.value());
  }

  Stream<Metric> metrics(Subject subject) {
    return Stream.of(
            Stream.of(subject.merit("", merit), subject.merit(".pooled", pooled)),
            spearman.stream().map(estimate -> subject.metric("spearman.label", estimate)),
            Stream.of(subject.metric("pearson.label", pearson)))
        .flatMap(some -> some)
        .map(metric -> Subject.at(choice, "grouped", metric));
  }
}
