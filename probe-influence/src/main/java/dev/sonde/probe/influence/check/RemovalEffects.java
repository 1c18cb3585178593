package dev.sonde.probe.influence.check;

import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What removing documents changed, against training on all in the same order.
 *
 * @param byGroup per choice and group the mean change of its queries' log-probabilities, in nats
 */
public record RemovalEffects(Map<DocumentChoice, double[]> byGroup) {
  private static final List<DocumentChoice> CHOICES =
      List.of(DocumentChoice.INFLUENCE, DocumentChoice.BM25, DocumentChoice.RANDOM);

  /**
   * From retrainings.
   *
   * @param groups the queries of each group
   */
  public static RemovalEffects of(Retrainings retrainings, List<List<Integer>> groups) {
    Map<Integer, double[]> full = new HashMap<>();
    retrainings.of(DocumentChoice.FULL).forEach(each -> full.put(each.seed(), each.logP()));
    Map<DocumentChoice, double[]> byGroup = new EnumMap<>(DocumentChoice.class);
    for (DocumentChoice choice : CHOICES) {
      Map<Integer, Double> sums = new TreeMap<>();
      Map<Integer, Integer> counts = new TreeMap<>();
      for (Retraining each : retrainings.of(choice)) {
        double[] before = Objects.requireNonNull(full.get(each.seed()), each.id());
        double change =
            groups.get(each.number()).stream()
                .mapToDouble(q -> each.logP()[q] - before[q])
                .average()
                .orElseThrow();
        sums.merge(each.number(), change, Double::sum);
        counts.merge(each.number(), 1, Integer::sum);
      }
      if (!sums.isEmpty()) {
        byGroup.put(
            choice,
            sums.entrySet().stream()
                .mapToDouble(e -> e.getValue() / counts.getOrDefault(e.getKey(), 1))
                .toArray());
      }
    }
    return new RemovalEffects(byGroup);
  }

  /** The mean over groups of the documents of one choice, its interval over draws of groups. */
  public Estimate of(DocumentChoice choice, int draws, RandomGenerator random) {
    return mean(Objects.requireNonNull(byGroup.get(choice)), draws, random);
  }

  /** How much less likely one choice made the completions than another, group by group. */
  public Estimate difference(
      DocumentChoice one, DocumentChoice other, int draws, RandomGenerator random) {
    double[] a = Objects.requireNonNull(byGroup.get(one));
    double[] b = Objects.requireNonNull(byGroup.get(other));
    double[] apart = new double[a.length];
    for (int group = 0; group < a.length; group++) {
      apart[group] = a[group] - b[group];
    }
    return mean(apart, draws, random);
  }

  private static Estimate mean(double[] values, int draws, RandomGenerator random) {
    Groups groups = Groups.ofSingleRows(values.length);
    return new ClusterBootstrap(groups, draws, random).mean(values);
  }
}
