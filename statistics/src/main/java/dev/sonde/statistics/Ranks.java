package dev.sonde.statistics;

import java.util.Arrays;
import java.util.Comparator;

/** Ranks from 1, ascending; equal values share the mean of theirs. */
public final class Ranks {
  private final double[] values;
  private final int[] order;

  private Ranks(double[] values, int[] order) {
    this.values = values;
    this.order = order;
  }

  /** The ranks of values that count once each. */
  public static double[] of(double[] values) {
    double[] once = new double[values.length];
    Arrays.fill(once, 1);
    return sorted(values).weighted(once);
  }

  /** The ranks where each value counts as often as its weight says: those of repeated values. */
  public static double[] of(double[] values, double[] weights) {
    return sorted(values).weighted(weights);
  }

  /** Sorts values once for many weightings. */
  static Ranks sorted(double[] values) {
    return new Ranks(values, ascending(values));
  }

  /** The indices of values in ascending order, of equal ones the earlier first. */
  static int[] ascending(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** The ranks where each value counts as often as its weight says; one per value. */
  double[] weighted(double[] weights) {
    double[] ranks = new double[values.length];
    double below = 0;
    for (int from = 0; from < order.length; ) {
      double tied = 0;
      int to = from;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        tied += weights[order[to]];
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = below + (tied + 1) / 2;
      }
      below += tied;
      from = to;
    }
    return ranks;
  }
}
