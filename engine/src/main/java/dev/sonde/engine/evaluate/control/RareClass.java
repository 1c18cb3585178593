package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Measure;
import dev.sonde.engine.evaluate.fit.Merit;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * What the nested choice finds of the positive class where one class is rare: an AUROC may be high
 * while most of what lies above any threshold is of the other class.
 *
 * @param share of rows that are positive, which is what scores reach that say nothing
 * @param averagePrecision the area under the curve of precision over recall
 * @param recalls the share of positive rows found with so many of the negative ones
 */
public record RareClass(double share, Estimate averagePrecision, List<Recall> recalls) {
  /** Where the rarer class has fewer of the rows than this. */
  private static final double RARE = 0.3;

  private static final double[] FALSE_POSITIVES = {0.01, 0.05};

  /**
   * A share of positive rows.
   *
   * @param falsePositives the share of negative rows of a fold that is found with them at most
   */
  public record Recall(double falsePositives, Estimate estimate) {}

  /** The figures of some held-out scores; empty where no class is rare, and of graded labels. */
  static Optional<RareClass> of(EvaluationRun run, List<HeldOutScores> partitions) {
    Targets targets = run.targets();
    double share = targets.mean();
    if (run.merit() != Merit.AUROC || partitions.isEmpty() || Math.min(share, 1 - share) >= RARE) {
      return Optional.empty();
    }
    List<Recall> recalls = new ArrayList<>();
    for (double allowed : FALSE_POSITIVES) {
      recalls.add(new Recall(allowed, estimate(run, partitions, one -> one.recall(allowed))));
    }
    return Optional.of(
        new RareClass(share, estimate(run, partitions, HeldOutScores::averagePrecision), recalls));
  }

  private static Estimate estimate(
      EvaluationRun run, List<HeldOutScores> partitions, Function<HeldOutScores, Measure> figure) {
    return run.estimate(
        Measure.pooled(partitions.stream().map(figure).toList(), run.targets().size()));
  }

  List<Metric> metrics(Subject subject) {
    List<Metric> metrics = new ArrayList<>();
    metrics.add(
        subject
            .metric("pr_auc.nested", averagePrecision)
            .where("positive", subject.positive())
            .where("chance", share));
    for (Recall recall : recalls) {
      metrics.add(
          subject
              .metric("recall.nested", recall.estimate())
              .where("positive", subject.positive())
              .where(
                  "false_positives", String.format(Locale.ROOT, "%.2f", recall.falsePositives())));
    }
    return metrics;
  }
}
