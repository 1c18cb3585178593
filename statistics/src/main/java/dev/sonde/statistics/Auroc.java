package dev.sonde.statistics;

import java.util.Arrays;

/**
 * The area under the receiver operating characteristic: the share of pairs of a positive and a
 * negative row in which the positive one scores higher, ties counted half. Rows are sorted once for
 * many weightings.
 */
public final class Auroc {
  /** From so many rows on dealing digits is faster than comparing. */
  private static final int MANY = 4096;

  /** Up to so many pairs, looking at each is faster than sorting. */
  private static final int FEW_PAIRS = 1 << 15;

  /** Bits of a digit: three of them are more than the 32 of a score. */
  private static final int DIGIT = 11;

  private final int[] ascending;
  private final boolean[] positive;
  private final boolean[] tiedWithNext;

  private Auroc(int[] ascending, boolean[] positive, boolean[] tiedWithNext) {
    this.ascending = ascending;
    this.positive = positive;
    this.tiedWithNext = tiedWithNext;
  }

  /** Sorts rows by score. */
  public static Auroc of(double[] scores, boolean[] positive) {
    int[] ascending = Ranks.ascending(scores);
    boolean[] sorted = new boolean[ascending.length];
    boolean[] tied = new boolean[ascending.length];
    for (int i = 0; i < ascending.length; i++) {
      sorted[i] = positive[ascending[i]];
      tied[i] = i + 1 < ascending.length && scores[ascending[i]] == scores[ascending[i + 1]];
    }
    return new Auroc(ascending, sorted, tied);
  }

  /**
   * Pairs of a positive and a negative row.
   *
   * @param concordant in which the positive row scores higher, ties counted half
   * @param all all of them
   */
  public record Pairs(double concordant, double all) {
    /** These and others together. */
    public Pairs plus(Pairs other) {
      return new Pairs(concordant + other.concordant, all + other.all);
    }

    /** The AUROC; NaN where there is no pair. */
    public double auroc() {
      return all == 0 ? Double.NaN : concordant / all;
    }
  }

  /** Counts pairs, each as often as the product of its rows' weights. */
  public Pairs pairs(double[] weights) {
    double concordant = 0;
    double negativesBelow = 0;
    double positives = 0;
    double tiedPositives = 0;
    double tiedNegatives = 0;
    for (int i = 0; i < ascending.length; i++) {
      double weight = weights[ascending[i]];
      if (positive[i]) {
        tiedPositives += weight;
      } else {
        tiedNegatives += weight;
      }
      if (!tiedWithNext[i]) {
        concordant += tiedPositives * (negativesBelow + tiedNegatives / 2);
        negativesBelow += tiedNegatives;
        positives += tiedPositives;
        tiedPositives = 0;
        tiedNegatives = 0;
      }
    }
    return new Pairs(concordant, positives * negativesBelow);
  }

  /**
   * Counts pairs of rows that count once each, without keeping their order: for one labeling. Where
   * rows are many, scores count as equal that are the same in float32; where they are few, those
   * that differ in the last bit.
   */
  public static Pairs count(double[] scores, boolean[] positive) {
    if (scores.length >= MANY) {
      return dealt(scores, positive);
    }
    int positives = 0;
    for (boolean each : positive) {
      positives += each ? 1 : 0;
    }
    return (long) positives * (scores.length - positives) <= FEW_PAIRS
        ? compared(scores, positive, positives)
        : sorted(scores, positive);
  }

  /** Looks at each pair: the sign of a difference of two whole numbers, without a branch. */
  private static Pairs compared(double[] scores, boolean[] positive, int count) {
    long[] positives = new long[count];
    long[] negatives = new long[scores.length - count];
    int p = 0;
    int n = 0;
    for (int row = 0; row < scores.length; row++) {
      if (positive[row]) {
        positives[p++] = ordered(scores[row]);
      } else {
        negatives[n++] = ordered(scores[row]);
      }
    }
    long above = 0;
    long below = 0;
    for (long score : positives) {
      for (long other : negatives) {
        above += (other - score) >>> 63;
      }
      for (long other : negatives) {
        below += (score - other) >>> 63;
      }
    }
    double all = (double) p * n;
    return new Pairs((all + above - below) / 2, all);
  }

  /** A whole number in the order of scores, of which no two differ by more than a long holds. */
  private static long ordered(double score) {
    long bits = Double.doubleToRawLongBits(score + 0.0);
    return (bits < 0 ? bits ^ Long.MAX_VALUE : bits) >> 1;
  }

  /** Sorts by dealing digits of the scores' bits, the lowest first: in time linear in the rows. */
  private static Pairs dealt(double[] scores, boolean[] positive) {
    long[] keys = new long[scores.length];
    for (int row = 0; row < keys.length; row++) {
      int bits = Float.floatToIntBits((float) scores[row] + 0f);
      long ascending = (bits < 0 ? ~bits : bits ^ Integer.MIN_VALUE) & 0xFFFFFFFFL;
      keys[row] = ascending << 1 | (positive[row] ? 1 : 0);
    }
    for (int digit = 1; digit <= 2 * DIGIT + 1; digit += DIGIT) {
      keys = dealt(keys, digit);
    }
    double concordant = 0;
    long below = 0;
    long positives = 0;
    for (int from = 0; from < keys.length; ) {
      int to = from;
      long tied = 0;
      while (to < keys.length && keys[to] >> 1 == keys[from] >> 1) {
        tied += keys[to++] & 1;
      }
      long negatives = to - from - tied;
      concordant += tied * (below + negatives / 2.0);
      below += negatives;
      positives += tied;
      from = to;
    }
    return new Pairs(concordant, (double) positives * below);
  }

  private static long[] dealt(long[] keys, int shift) {
    int mask = (1 << DIGIT) - 1;
    int[] places = new int[mask + 2];
    for (long key : keys) {
      places[(int) (key >>> shift & mask) + 1]++;
    }
    for (int d = 0; d < mask; d++) {
      places[d + 1] += places[d];
    }
    long[] dealt = new long[keys.length];
    for (long key : keys) {
      dealt[places[(int) (key >>> shift & mask)]++] = key;
    }
    return dealt;
  }

  private static Pairs sorted(double[] scores, boolean[] positive) {
    double[] positives = sorted(scores, positive, true);
    double[] negatives = sorted(scores, positive, false);
    double concordant = 0;
    int below = 0;
    int upTo = 0;
    for (double score : positives) {
      while (below < negatives.length && negatives[below] < score) {
        below++;
      }
      while (upTo < negatives.length && negatives[upTo] <= score) {
        upTo++;
      }
      concordant += (below + upTo) / 2.0;
    }
    return new Pairs(concordant, (double) positives.length * negatives.length);
  }

  private static double[] sorted(double[] scores, boolean[] positive, boolean side) {
    double[] chosen = new double[scores.length];
    int count = 0;
    for (int row = 0; row < scores.length; row++) {
      if (positive[row] == side) {
        chosen[count++] = scores[row];
      }
    }
    Arrays.sort(chosen, 0, count);
    return Arrays.copyOf(chosen, count);
  }
}
