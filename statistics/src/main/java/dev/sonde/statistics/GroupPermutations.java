package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Labelings under the null hypothesis that labels do not depend on what is measured. Rows of a
 * group are not independent: where all its rows share one label, labels are exchanged between such
 * groups as wholes; where they do not, labels are exchanged between the rows of that group only.
 */
public final class GroupPermutations {
  private final double[] labels;
  private final List<int[]> pureGroups = new ArrayList<>();
  private final List<int[]> mixedGroups = new ArrayList<>();

  /**
   * Exchanges of some labels.
   *
   * @param labels one per row
   */
  public GroupPermutations(double[] labels, Groups groups) {
    this.labels = labels.clone();
    for (int[] rows : groups.members()) {
      boolean pure = true;
      for (int row : rows) {
        pure &= labels[row] == labels[rows[0]];
      }
      (pure ? pureGroups : mixedGroups).add(rows);
    }
  }

  /** The labels of a labeling drawn at random, one per row. */
  public double[] draw(RandomGenerator random) {
    double[] drawn = new double[labels.length];
    double[] ofGroups = ofPureGroups();
    shuffle(ofGroups, random);
    for (int g = 0; g < ofGroups.length; g++) {
      for (int row : pureGroups.get(g)) {
        drawn[row] = ofGroups[g];
      }
    }
    for (int[] rows : mixedGroups) {
      double[] within = values(rows);
      shuffle(within, random);
      for (int i = 0; i < within.length; i++) {
        drawn[rows[i]] = within[i];
      }
    }
    return drawn;
  }

  private double[] ofPureGroups() {
    return pureGroups.stream().mapToDouble(rows -> labels[rows[0]]).toArray();
  }

  private double[] values(int[] rows) {
    double[] values = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      values[i] = labels[rows[i]];
    }
    return values;
  }

  /** Brings values into a random order. */
  public static void shuffle(double[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      double kept = values[i];
      values[i] = values[j];
      values[j] = kept;
    }
  }

  /** The natural logarithm of the number of distinct labelings. */
  public double logCount() {
    return logArrangements(ofPureGroups())
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
  public double smallestReachable(int draws) {
    return Math.max(1.0 / (draws + 1), Math.exp(-logCount()));
  }
}
