package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Labelings under the null hypothesis that labels do not depend on what is measured. Rows of a
 * group are not independent, so what a group's rows have in common is exchanged between groups, and
 * what they differ in is dealt anew inside each.
 *
 * <p>Of labels of two values a group has a rate: the share of its rows with the larger one. The
 * groups' rates are exchanged, and each group deals as many labels to rows drawn at random as its
 * new rate asks for; where that is no whole number of rows it is rounded up as often as the rest
 * says. Of graded labels the groups' means are exchanged, and the residuals around them inside each
 * group. Groups of one label exchange it as wholes; where all groups have one rate labels move
 * inside groups only.
 *
 * <p>A scheme that keeps the rates of groups with several labels, because their rows can be dealt
 * inside, keeps in every draw what such groups tell: one odd row a group then hides any effect of
 * groups.
 */
public final class GroupPermutations {
  private final double[] labels;
  private final List<int[]> groups;
  private final double low;
  private final double high;
  private final boolean graded;
  private final double[] levels;

  /**
   * Exchanges of some labels.
   *
   * @param labels one per row; graded where there are more than two values
   */
  public GroupPermutations(double[] labels, Groups groups) {
    this.labels = labels.clone();
    this.groups = groups.members();
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (double label : labels) {
      smallest = Math.min(smallest, label);
      largest = Math.max(largest, label);
    }
    this.low = smallest;
    this.high = largest;
    boolean others = false;
    for (double label : labels) {
      others |= label != smallest && label != largest;
    }
    this.graded = others;
    this.levels = this.groups.stream().mapToDouble(this::level).toArray();
  }

  /** The mean of graded labels, the share of the larger of two. */
  private double level(int[] rows) {
    double sum = 0;
    for (int row : rows) {
      sum += graded ? labels[row] : labels[row] == high ? 1 : 0;
    }
    return sum / rows.length;
  }

  /** Whether groups differ in their rates or means, so that something moves between them. */
  public boolean betweenGroups() {
    for (double level : levels) {
      if (level != levels[0]) {
        return true;
      }
    }
    return false;
  }

  /** Whether some group holds several labels, so that something moves inside groups. */
  public boolean insideGroups() {
    for (int[] rows : groups) {
      for (int row : rows) {
        if (labels[row] != labels[rows[0]]) {
          return true;
        }
      }
    }
    return false;
  }

  /** The labels of a labeling drawn at random, one per row. */
  public double[] draw(RandomGenerator random) {
    double[] exchanged = levels.clone();
    shuffle(exchanged, random);
    double[] drawn = new double[labels.length];
    for (int g = 0; g < exchanged.length; g++) {
      int[] rows = groups.get(g);
      double[] dealt =
          graded
              ? moved(values(rows), exchanged[g] - levels[g])
              : ofRate(rows.length, exchanged[g], random);
      deal(dealt, rows, drawn, random);
    }
    return drawn;
  }

  /** The same with the groups' rates or means left as they are: labels move inside groups only. */
  public double[] drawInside(RandomGenerator random) {
    double[] drawn = new double[labels.length];
    for (int[] rows : groups) {
      deal(values(rows), rows, drawn, random);
    }
    return drawn;
  }

  private static void deal(double[] values, int[] rows, double[] drawn, RandomGenerator random) {
    shuffle(values, random);
    for (int i = 0; i < rows.length; i++) {
      drawn[rows[i]] = values[i];
    }
  }

  private double[] ofRate(int rows, double rate, RandomGenerator random) {
    double wanted = rate * rows;
    double whole = Math.rint(wanted);
    double count =
        Math.abs(wanted - whole) < 1e-9
            ? whole
            : Math.floor(wanted) + (random.nextDouble() < wanted - Math.floor(wanted) ? 1 : 0);
    double[] values = new double[rows];
    for (int i = 0; i < rows; i++) {
      values[i] = i < count ? high : low;
    }
    return values;
  }

  private static double[] moved(double[] values, double by) {
    for (int i = 0; i < values.length; i++) {
      values[i] += by;
    }
    return values;
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
    return logArrangements(levels) + logCountInside();
  }

  /** The same of those that move labels inside groups only. */
  public double logCountInside() {
    List<Double> each = new ArrayList<>();
    for (int[] rows : groups) {
      each.add(logArrangements(values(rows)));
    }
    return each.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** {@code ln(n! / (n₁! n₂! …))} for values of which the k-th occurs nₖ times. */
  static double logArrangements(double[] values) {
    Map<Double, Integer> counts = new HashMap<>();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += Math.log(i + 1.0) - Math.log(counts.merge(values[i], 1, Integer::sum));
    }
    return sum;
  }

  /** The smallest p that so many draws, or all labelings there are, can reach. */
  public double smallestReachable(int draws) {
    return smallestReachable(draws, logCount());
  }

  /** The same of labelings that move labels inside groups only. */
  public double smallestReachableInside(int draws) {
    return smallestReachable(draws, logCountInside());
  }

  private static double smallestReachable(int draws, double logCount) {
    return Math.max(1.0 / (draws + 1), Math.exp(-logCount));
  }
}
