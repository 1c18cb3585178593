package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Labelings under the null hypothesis that labels do not depend on activations. Rows of a group are
 * not independent: where all its rows share one label, labels are exchanged between such groups as
 * wholes; where they do not, labels are exchanged between the rows of that group only.
 */
final class Permutations {
  private final Targets targets;
  private final List<List<Integer>> pureGroups = new ArrayList<>();
  private final List<List<Integer>> mixedGroups = new ArrayList<>();

  Permutations(Targets targets, List<String> groups) {
    this.targets = targets;
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int row = 0; row < groups.size(); row++) {
      members.computeIfAbsent(groups.get(row), g -> new ArrayList<>()).add(row);
    }
    for (List<Integer> rows : members.values()) {
      boolean pure = rows.stream().map(targets::value).distinct().count() == 1;
      (pure ? pureGroups : mixedGroups).add(rows);
    }
  }

  /** A labeling drawn at random. */
  Targets draw(RandomGenerator random) {
    double[] labels = new double[targets.size()];
    double[] ofGroups = ofGroups();
    shuffle(ofGroups, random);
    for (int g = 0; g < ofGroups.length; g++) {
      for (int row : pureGroups.get(g)) {
        labels[row] = ofGroups[g];
      }
    }
    for (List<Integer> rows : mixedGroups) {
      double[] within = values(rows);
      shuffle(within, random);
      for (int i = 0; i < within.length; i++) {
        labels[rows.get(i)] = within[i];
      }
    }
    return likeTargets(labels);
  }

  private Targets likeTargets(double[] labels) {
    if (targets.kind() == Targets.Kind.REAL) {
      return Targets.real(labels);
    }
    boolean[] positive = new boolean[labels.length];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = labels[row] > 0.5;
    }
    return Targets.binary(positive);
  }

  private double[] ofGroups() {
    return values(pureGroups.stream().map(List::getFirst).toList());
  }

  private double[] values(List<Integer> rows) {
    return rows.stream().mapToDouble(targets::value).toArray();
  }

  private static void shuffle(double[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** The natural logarithm of the number of distinct labelings. */
  double logCount() {
    return logArrangements(ofGroups())
        + mixedGroups.stream().mapToDouble(rows -> logArrangements(values(rows))).sum();
  }

  /** {@code ln(n! / (n₁! n₂! …))} for values of which the k-th occurs nₖ times. */
  private static double logArrangements(double[] values) {
    Map<Double, Integer> counts = new HashMap<>();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += Math.log(i + 1.0) - Math.log(counts.merge(values[i], 1, Integer::sum));
    }
    return sum;
  }

  /** The smallest p that so many draws, or all labelings there are, can reach. */
  double smallestReachable(int draws) {
    return Math.max(1.0 / (draws + 1), Math.exp(-logCount()));
  }

  /**
   * The random labels of a control task: each group gets a label of its own, so that it can only be
   * known by memorising groups. Of two classes half the groups get each; graded labels are those of
   * random rows.
   */
  Targets controlTask(List<String> groups, RandomGenerator random) {
    List<String> distinct = groups.stream().distinct().toList();
    double[] labels = new double[distinct.size()];
    boolean graded = targets.kind() == Targets.Kind.REAL;
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          graded ? targets.value(random.nextInt(targets.size())) : i < labels.length / 2 ? 1 : 0;
    }
    shuffle(labels, random);
    Map<String, Double> labelOfGroup = new HashMap<>();
    for (int i = 0; i < labels.length; i++) {
      labelOfGroup.put(distinct.get(i), labels[i]);
    }
    return likeTargets(
        groups.stream().mapToDouble(group -> labelOfGroup.getOrDefault(group, 0.0)).toArray());
  }
}
