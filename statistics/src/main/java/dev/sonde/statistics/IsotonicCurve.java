package dev.sonde.statistics;

import java.util.Arrays;

/**
 * Turns scores into probabilities of the positive class by the curve that never falls and is
 * closest to the labels (Zadrozny and Elkan 2002), linear between its places. It follows any shape
 * and so needs more rows than a {@link LogisticCurve}.
 *
 * @param scores places, strictly ascending, at least one
 * @param probabilities at each place, never falling
 */
public record IsotonicCurve(double[] scores, double[] probabilities) {
  /** A curve with its arrays copied. */
  public IsotonicCurve {
    scores = scores.clone();
    probabilities = probabilities.clone();
  }

  /**
   * Fits the curve by pooling neighbours that fall (Ayer et al. 1955), to the targets of {@link
   * LogisticCurve}, which stay short of 0 and 1.
   *
   * @param scores held out, one a row, at least one
   * @param positive one a row
   */
  public static IsotonicCurve of(double[] scores, boolean[] positive) {
    int[] ascending = Ranks.ascending(scores);
    double positives = 0;
    for (boolean one : positive) {
      positives += one ? 1 : 0;
    }
    double high = (positives + 1) / (positives + 2);
    double low = 1 / (scores.length - positives + 2);
    double[] from = new double[scores.length];
    double[] to = new double[scores.length];
    double[] hits = new double[scores.length];
    double[] rows = new double[scores.length];
    int blocks = 0;
    for (int i = 0; i < ascending.length; ) {
      double score = scores[ascending[i]];
      double count = 0;
      double sum = 0;
      for (; i < ascending.length && scores[ascending[i]] == score; i++) {
        count++;
        sum += positive[ascending[i]] ? high : low;
      }
      from[blocks] = score;
      to[blocks] = score;
      hits[blocks] = sum;
      rows[blocks] = count;
      blocks++;
      while (blocks > 1
          && hits[blocks - 2] * rows[blocks - 1] >= hits[blocks - 1] * rows[blocks - 2]) {
        blocks--;
        to[blocks - 1] = to[blocks];
        hits[blocks - 1] += hits[blocks];
        rows[blocks - 1] += rows[blocks];
      }
    }
    double[] places = new double[2 * blocks];
    double[] levels = new double[2 * blocks];
    int count = 0;
    for (int b = 0; b < blocks; b++) {
      places[count] = from[b];
      levels[count++] = hits[b] / rows[b];
      if (to[b] > from[b]) {
        places[count] = to[b];
        levels[count++] = hits[b] / rows[b];
      }
    }
    return new IsotonicCurve(Arrays.copyOf(places, count), Arrays.copyOf(levels, count));
  }

  /** The probability that a row of this score is positive. */
  public double probability(double score) {
    int at = Arrays.binarySearch(scores, score);
    if (at >= 0) {
      return probabilities[at];
    }
    int above = -at - 1;
    if (above == 0) {
      return probabilities[0];
    }
    if (above == scores.length) {
      return probabilities[above - 1];
    }
    double share = (score - scores[above - 1]) / (scores[above] - scores[above - 1]);
    return probabilities[above - 1] + share * (probabilities[above] - probabilities[above - 1]);
  }
}
