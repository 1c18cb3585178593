package dev.sonde.probe.influence.check;

import dev.sonde.probe.influence.check.DocumentRemoval.Group;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What training without some documents changed for groups of queries.
 *
 * @param byGroup per group the mean change of its completions' log-probabilities, in nats
 * @param perToken the same divided by the tokens of each completion
 */
public record RemovalEffects(double[] byGroup, double[] perToken) {

  /**
   * Of some groups; empty where there is a group without a training of its own.
   *
   * @param changes per group the change of each query's log-probability
   * @param tokens of each query's completion
   */
  public static Optional<RemovalEffects> of(
      List<Group> groups, Function<Group, Optional<double[]>> changes, int[] tokens) {
    List<double[]> all = new ArrayList<>();
    for (Group group : groups) {
      changes.apply(group).ifPresent(all::add);
    }
    if (groups.isEmpty() || all.size() < groups.size()) {
      return Optional.empty();
    }
    double[] nats = new double[groups.size()];
    double[] perToken = new double[groups.size()];
    for (int g = 0; g < nats.length; g++) {
      double[] own = all.get(g);
      List<Integer> queries = groups.get(g).queries();
      nats[g] = queries.stream().mapToDouble(q -> own[q]).average().orElseThrow();
      perToken[g] = queries.stream().mapToDouble(q -> own[q] / tokens[q]).average().orElseThrow();
    }
    return Optional.of(new RemovalEffects(nats, perToken));
  }

  /** The mean over groups, its interval over draws of groups. */
  public Estimate mean(int draws, RandomGenerator random) {
    return mean(byGroup, draws, random);
  }

  /** The same per token. */
  public Estimate meanPerToken(int draws, RandomGenerator random) {
    return mean(perToken, draws, random);
  }

  /** How much less likely this made completions than something else did, group by group. */
  public double[] lessThan(RemovalEffects other) {
    double[] apart = byGroup.clone();
    Arrays.setAll(apart, group -> byGroup[group] - other.byGroup[group]);
    return apart;
  }

  /** The mean of differences by group, its interval over draws of groups. */
  public static Estimate mean(double[] byGroup, int draws, RandomGenerator random) {
    Groups groups = Groups.ofSingleRows(byGroup.length);
    return new ClusterBootstrap(groups, draws, random).mean(byGroup);
  }
}
