package dev.sonde.statistics;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Turns scores into probabilities of the positive class by a logistic curve (Platt 1999), fitted to
 * held-out scores. Its targets stay short of 0 and 1 by what the number of rows allows, so that
 * perfect separation is not taken for certainty.
 *
 * @param slope of the score, in log-odds per unit
 * @param intercept log-odds at the score 0
 */
public record LogisticCurve(double slope, double intercept) {
  private static final int STEPS = 50;
  private static final double PENALTY = 1e-3;

  /**
   * Fits the curve by Newton's method.
   *
   * @param scores held out, one a row, at least one
   * @param positive one a row
   */
  public static LogisticCurve of(double[] scores, boolean[] positive) {
    double mean = Arrays.stream(scores).sum() / scores.length;
    double positives = 0;
    double variance = 0;
    for (int row = 0; row < scores.length; row++) {
      positives += positive[row] ? 1 : 0;
      variance += (scores[row] - mean) * (scores[row] - mean) / scores.length;
    }
    double deviation = variance > 0 ? Math.sqrt(variance) : 1;
    double high = (positives + 1) / (positives + 2);
    double low = 1 / (scores.length - positives + 2);
    double slope = 0;
    double intercept = 0;
    for (int step = 0; step < STEPS; step++) {
      double gradientSlope = -PENALTY * slope;
      double gradientIntercept = 0;
      double ss = PENALTY;
      double si = 0;
      double ii = PENALTY;
      for (int row = 0; row < scores.length; row++) {
        double x = (scores[row] - mean) / deviation;
        double p = logistic(slope * x + intercept);
        double error = (positive[row] ? high : low) - p;
        double curvature = p * (1 - p);
        gradientSlope += error * x;
        gradientIntercept += error;
        ss += curvature * x * x;
        si += curvature * x;
        ii += curvature;
      }
      double determinant = ss * ii - si * si;
      double stepSlope = (ii * gradientSlope - si * gradientIntercept) / determinant;
      double stepIntercept = (ss * gradientIntercept - si * gradientSlope) / determinant;
      double size = Math.max(1, Math.hypot(stepSlope, stepIntercept));
      slope += stepSlope / size;
      intercept += stepIntercept / size;
    }
    return new LogisticCurve(slope / deviation, intercept - slope / deviation * mean);
  }

  /**
   * Fits the curve to some of many rows.
   *
   * @param scores of all rows
   * @param rows those it is fitted to, at least one
   */
  public static LogisticCurve of(double[] scores, int[] rows, IntPredicate positive) {
    double[] own = new double[rows.length];
    boolean[] labels = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      own[i] = scores[rows[i]];
      labels[i] = positive.test(rows[i]);
    }
    return of(own, labels);
  }

  private static double logistic(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  /** The probability that a row of this score is positive. */
  public double probability(double score) {
    return logistic(slope * score + intercept);
  }
}
