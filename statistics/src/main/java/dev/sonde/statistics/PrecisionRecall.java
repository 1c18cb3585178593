package dev.sonde.statistics;

/**
 * Figures of how rows of a rare class are found: they look at the highest scores only, where AUROC
 * looks at all pairs. Rows are sorted once for many weightings; rows that tie are found together.
 */
public final class PrecisionRecall {
  private final int[] descending;
  private final boolean[] positive;
  private final boolean[] tiedWithNext;

  private PrecisionRecall(int[] descending, boolean[] positive, boolean[] tiedWithNext) {
    this.descending = descending;
    this.positive = positive;
    this.tiedWithNext = tiedWithNext;
  }

  /** Sorts rows by score. */
  public static PrecisionRecall of(double[] scores, boolean[] positive) {
    int[] ascending = Ranks.ascending(scores);
    int[] descending = new int[ascending.length];
    boolean[] sorted = new boolean[ascending.length];
    boolean[] tied = new boolean[ascending.length];
    for (int i = 0; i < descending.length; i++) {
      descending[i] = ascending[descending.length - 1 - i];
      sorted[i] = positive[descending[i]];
    }
    for (int i = 0; i + 1 < descending.length; i++) {
      tied[i] = scores[descending[i]] == scores[descending[i + 1]];
    }
    return new PrecisionRecall(descending, sorted, tied);
  }

  /** How much the positive rows weigh. */
  public double positives(double[] weights) {
    double sum = 0;
    for (int i = 0; i < descending.length; i++) {
      sum += positive[i] ? weights[descending[i]] : 0;
    }
    return sum;
  }

  /**
   * The average precision, which is the area under the curve of precision over recall without
   * interpolation; NaN without a positive row. Scores that say nothing reach the share of positive
   * rows.
   */
  public double averagePrecision(double[] weights) {
    double all = positives(weights);
    double found = 0;
    double taken = 0;
    double tied = 0;
    double area = 0;
    for (int i = 0; i < descending.length; i++) {
      double weight = weights[descending[i]];
      taken += weight;
      tied += positive[i] ? weight : 0;
      if (!tiedWithNext[i]) {
        found += tied;
        area += tied == 0 ? 0 : tied / all * (found / taken);
        tied = 0;
      }
    }
    return all == 0 ? Double.NaN : area;
  }

  /**
   * The share of positive rows above the lowest threshold that at most a share of the negative rows
   * passes; NaN without a positive or without a negative row.
   *
   * @param falsePositives that share
   */
  public double recall(double[] weights, double falsePositives) {
    double negatives = 0;
    for (int i = 0; i < descending.length; i++) {
      negatives += positive[i] ? 0 : weights[descending[i]];
    }
    double allowed = falsePositives * negatives;
    double all = positives(weights);
    double found = 0;
    double reached = 0;
    double passed = 0;
    for (int i = 0; i < descending.length; i++) {
      double weight = weights[descending[i]];
      if (positive[i]) {
        reached += weight;
      } else {
        passed += weight;
      }
      if (!tiedWithNext[i] && passed <= allowed) {
        found = reached;
      }
    }
    return all == 0 || negatives == 0 ? Double.NaN : found / all;
  }
}
