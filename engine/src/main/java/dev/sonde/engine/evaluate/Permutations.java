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
      boolean pure = rows.stream().map(targets::positive).distinct().count() == 1;
      (pure ? pureGroups : mixedGroups).add(rows);
    }
  }

  /** A labeling drawn at random. */
  Targets draw(RandomGenerator random) {
    boolean[] labels = new boolean[targets.size()];
    boolean[] ofGroups = new boolean[pureGroups.size()];
    for (int g = 0; g < ofGroups.length; g++) {
      ofGroups[g] = targets.positive(pureGroups.get(g).getFirst());
    }
    shuffle(ofGroups, random);
    for (int g = 0; g < ofGroups.length; g++) {
      for (int row : pureGroups.get(g)) {
        labels[row] = ofGroups[g];
      }
    }
    for (List<Integer> rows : mixedGroups) {
      boolean[] within = new boolean[rows.size()];
      for (int i = 0; i < within.length; i++) {
        within[i] = targets.positive(rows.get(i));
      }
      shuffle(within, random);
      for (int i = 0; i < within.length; i++) {
        labels[rows.get(i)] = within[i];
      }
    }
    return Targets.binary(labels);
  }

  private static void shuffle(boolean[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      boolean kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** The natural logarithm of the number of distinct labelings. */
  double logCount() {
    long positiveGroups =
        pureGroups.stream().filter(rows -> targets.positive(rows.getFirst())).count();
    double sum = logChoose(pureGroups.size(), positiveGroups);
    for (List<Integer> rows : mixedGroups) {
      sum += logChoose(rows.size(), rows.stream().filter(targets::positive).count());
    }
    return sum;
  }

  private static double logChoose(int n, long k) {
    double sum = 0;
    for (int i = 1; i <= k; i++) {
      sum += Math.log((n - k + i) / (double) i);
    }
    return sum;
  }

  /** The smallest p that so many draws, or all labelings there are, can reach. */
  double smallestReachable(int draws) {
    return Math.max(1.0 / (draws + 1), Math.exp(-logCount()));
  }

  /** The random labels of a control task: one coin per group, as balanced as can be. */
  static Targets controlTask(List<String> groups, RandomGenerator random) {
    List<String> distinct = groups.stream().distinct().toList();
    boolean[] coins = new boolean[distinct.size()];
    for (int i = 0; i < coins.length / 2; i++) {
      coins[i] = true;
    }
    shuffle(coins, random);
    Map<String, Boolean> labelOfGroup = new HashMap<>();
    for (int i = 0; i < coins.length; i++) {
      labelOfGroup.put(distinct.get(i), coins[i]);
    }
    boolean[] labels = new boolean[groups.size()];
    for (int row = 0; row < labels.length; row++) {
      labels[row] = Boolean.TRUE.equals(labelOfGroup.get(groups.get(row)));
    }
    return Targets.binary(labels);
  }
}
