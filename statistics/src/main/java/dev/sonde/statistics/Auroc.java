package dev.sonde.statistics;

import java.util.Arrays;

/**
 * The area under the receiver operating characteristic: the share of pairs of a positive and a
 * negative row in which the positive one scores higher, ties counted half. Rows are sorted once for
 * many weightings.
 */
public final class Auroc {
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

  /** Counts pairs of rows that count once each, without keeping their order: for one labeling. */
  public static Pairs count(double[] scores, boolean[] positive) {
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
