package dev.sonde.probe.stepimportance.predict;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.Arrays;
import java.util.List;

/**
 * Reports whether pairs of steps at the same place are told apart.
 *
 * @param groups of all steps
 */
record MatchedPairs(ProbeContext context, List<String> groups, PositionMatched pairs) {
  /** Fewer pairs say nothing. */
  private static final int FEWEST = PredictionSettings.FEWEST / 2;

  /**
   * Adds the figures.
   *
   * @param scores held-out scores in full context
   * @param counted the same by surface features
   */
  void report(double[] scores, double[] counted) {
    if (pairs.size() < FEWEST) {
      return;
    }
    ClusterBootstrap bootstrap =
        new ClusterBootstrap(
            Groups.of(pairs.important().stream().map(groups::get).toList()),
            context.bootstrapDraws(),
            context.random("bootstrap matched"));
    double[] won = pairs.won(scores);
    double[] less = pairs.won(counted);
    double[] differences = won.clone();
    Arrays.setAll(differences, pair -> won[pair] - less[pair]);
    metric("probe.position_matched", "features", Advantages.FULL, bootstrap.mean(won));
    metric("probe.position_matched", "features", "surface_mlp", bootstrap.mean(less));
    metric("probe.position_matched_advantage", "over", "surface_mlp", bootstrap.mean(differences));
  }

  private void metric(String name, String key, String value, Estimate estimate) {
    context
        .report()
        .metric(
            Metric.of(name, estimate.value())
                .where(key, value)
                .where("split", "grouped")
                .interval(estimate.low(), estimate.high())
                .n(pairs.size()));
  }
}
