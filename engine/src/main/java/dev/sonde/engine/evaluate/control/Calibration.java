package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;

/**
 * Turns scores into probabilities of the positive class by a logistic curve (Platt 1999), fitted to
 * held-out scores. Its targets stay short of 0 and 1 by what the number of rows allows, so that
 * perfect separation is not taken for certainty.
 *
 * @param slope of the standardised score
 * @param intercept log-odds of the mean score
 */
record Calibration(double mean, double deviation, double slope, double intercept) {
  private static final int STEPS = 50;
  private static final double PENALTY = 1e-3;

  /** Fits the curve by Newton's method. */
  static Calibration of(double[] scores, int[] rows, Targets targets) {
    double mean = 0;
    double positives = 0;
    for (int row : rows) {
      mean += scores[row] / rows.length;
      positives += targets.value(row);
    }
    double variance = 0;
    for (int row : rows) {
      variance += (scores[row] - mean) * (scores[row] - mean) / rows.length;
    }
    double deviation = variance > 0 ? Math.sqrt(variance) : 1;
    double high = (positives + 1) / (positives + 2);
    double low = 1 / (rows.length - positives + 2);
    double slope = 0;
    double intercept = 0;
    for (int step = 0; step < STEPS; step++) {
      double gradientSlope = -PENALTY * slope;
      double gradientIntercept = 0;
      double ss = PENALTY;
      double si = 0;
      double ii = PENALTY;
      for (int row : rows) {
        double x = (scores[row] - mean) / deviation;
        double p = logistic(slope * x + intercept);
        double error = (targets.positive(row) ? high : low) - p;
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
    return new Calibration(mean, deviation, slope, intercept);
  }

  private static double logistic(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }

  /** The probability that a row of this score is positive. */
  double probability(double score) {
    return logistic(slope * (score - mean) / deviation + intercept);
  }
}
