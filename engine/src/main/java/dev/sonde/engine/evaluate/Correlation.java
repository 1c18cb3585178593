package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.Measure.Agreement;
import dev.sonde.engine.evaluate.Measure.Part;
import java.util.Arrays;
import java.util.Comparator;

/**
 * The correlation of scores and targets within some rows: Pearson's, or Spearman's, which is
 * Pearson's of the ranks. Rows are sorted once for all weightings.
 */
final class Correlation implements Agreement {
  private final int[] rows;
  private final double[] scores;
  private final double[] targets;
  private final boolean ofRanks;
  private final int[] byScore;
  private final int[] byTarget;

  private Correlation(int[] rows, double[] scores, double[] targets, boolean ofRanks) {
    this.rows = rows;
    this.scores = scores;
    this.targets = targets;
    this.ofRanks = ofRanks;
    this.byScore = order(scores);
    this.byTarget = order(targets);
  }

  /** Pearson's correlation. */
  static Correlation ofValues(int[] rows, double[] scores, Targets targets) {
    return of(rows, scores, targets, false);
  }

  /** Spearman's correlation; ties share their mean rank. */
  static Correlation ofRanks(int[] rows, double[] scores, Targets targets) {
    return of(rows, scores, targets, true);
  }

  private static Correlation of(int[] rows, double[] scores, Targets targets, boolean ofRanks) {
    return new Correlation(
        rows,
        Arrays.stream(rows).mapToDouble(row -> scores[row]).toArray(),
        Arrays.stream(rows).mapToDouble(targets::value).toArray(),
        ofRanks);
  }

  private static int[] order(double[] values) {
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  @Override
  public Part part(Ranking.Weight weight) {
    double[] weights = new double[rows.length];
    Arrays.setAll(weights, i -> weight.of(rows[i]));
    double[] x = ofRanks ? ranks(scores, byScore, weights) : scores;
    double[] y = ofRanks ? ranks(targets, byTarget, weights) : targets;
    double all = Arrays.stream(weights).sum();
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += weights[i] * x[i] / all;
      meanY += weights[i] * y[i] / all;
    }
    double xx = 0;
    double xy = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xx += weights[i] * (x[i] - meanX) * (x[i] - meanX);
      xy += weights[i] * (x[i] - meanX) * (y[i] - meanY);
      yy += weights[i] * (y[i] - meanY) * (y[i] - meanY);
    }
    if (all == 0 || yy == 0) {
      return Part.NONE;
    }
    return new Part(xx == 0 ? 0 : all * xy / Math.sqrt(xx * yy), all);
  }

  /** Ranks of rows that stand there as often as their weights say. */
  private static double[] ranks(double[] values, int[] order, double[] weights) {
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
        ranks[order[i]] = below + tied / 2;
      }
      below += tied;
      from = to;
    }
    return ranks;
  }
}
