package dev.sonde.probe.influence;

import dev.sonde.probe.influence.Retraining.Choice;
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
record RemovalEffects(Map<Choice, double[]> byGroup) {
  /** Bootstrap draws of an interval. */
  private static final int DRAWS = 2000;

  private static final List<Choice> CHOICES = List.of(Choice.INFLUENCE, Choice.BM25, Choice.RANDOM);

  /** A mean over groups, with its interval over draws of groups. */
  record Effect(double value, double low, double high) {}

  /**
   * From retrainings.
   *
   * @param groups the queries of each group
   */
  static RemovalEffects of(Retrainings retrainings, List<List<Integer>> groups) {
    Map<Integer, double[]> full = new HashMap<>();
    retrainings.of(Choice.FULL).forEach(each -> full.put(each.seed(), each.logP()));
    Map<Choice, double[]> byGroup = new EnumMap<>(Choice.class);
    for (Choice choice : CHOICES) {
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

  /** Of the documents of one choice. */
  Effect of(Choice choice, RandomGenerator random) {
    return mean(Objects.requireNonNull(byGroup.get(choice)), random);
  }

  /** How much less likely one choice made the completions than another, group by group. */
  Effect difference(Choice one, Choice other, RandomGenerator random) {
    double[] a = Objects.requireNonNull(byGroup.get(one));
    double[] b = Objects.requireNonNull(byGroup.get(other));
    double[] apart = new double[a.length];
    for (int group = 0; group < a.length; group++) {
      apart[group] = a[group] - b[group];
    }
    return mean(apart, random);
  }

  private static Effect mean(double[] values, RandomGenerator random) {
    double[] drawn = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      drawn[draw] =
          random
              .ints(values.length, 0, values.length)
              .mapToDouble(g -> values[g])
              .average()
              .orElseThrow();
    }
    double[] interval = Statistics.interval(drawn);
    return new Effect(Statistics.mean(values), interval[0], interval[1]);
  }
}
