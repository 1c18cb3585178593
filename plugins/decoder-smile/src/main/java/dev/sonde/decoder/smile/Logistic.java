package dev.sonde.decoder.smile;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import smile.classification.LogisticRegression;

/**
 * Logistic regression on features standardised by the training rows. The fitted weights are given
 * for the features as they are, so that scoring is one product. Graded targets are parted at their
 * mean.
 */
final class Logistic implements Decoder {
  private static final double TOLERANCE = 1e-5;
  private static final int MOST_ITERATIONS = 500;

  private final double lambda;

  Logistic(double lambda) {
    this.lambda = lambda;
  }

  @Override
  public Scorer fit(Design train, Targets targets) {
    double[][] rows = new double[train.rows()][train.columns()];
    int[] labels = new int[train.rows()];
    double middle = targets.mean();
    for (int row = 0; row < rows.length; row++) {
      train.copyRow(row, rows[row]);
      labels[row] = targets.value(row) > middle ? 1 : 0;
    }
    double[] means = means(rows);
    double[] scales = standardise(rows, means);
    double[] fitted =
        LogisticRegression.binomial(
                rows, labels, new LogisticRegression.Options(lambda, TOLERANCE, MOST_ITERATIONS))
            .coefficients();
    double[] weights = new double[means.length];
    double bias = fitted[means.length];
    for (int c = 0; c < weights.length; c++) {
      weights[c] = fitted[c] / scales[c];
      bias -= weights[c] * means[c];
    }
    return Scorer.linear(weights, bias);
  }

  private static double[] means(double[][] rows) {
    double[] means = new double[rows[0].length];
    for (double[] row : rows) {
      for (int c = 0; c < means.length; c++) {
        means[c] += row[c] / rows.length;
      }
    }
    return means;
  }

  /** Shifts and scales in place; a constant feature keeps the scale 1. */
  private static double[] standardise(double[][] rows, double[] means) {
    double[] scales = new double[means.length];
    for (double[] row : rows) {
      for (int c = 0; c < means.length; c++) {
        row[c] -= means[c];
        scales[c] += row[c] * row[c] / rows.length;
      }
    }
    for (int c = 0; c < scales.length; c++) {
      scales[c] = scales[c] > 0 ? Math.sqrt(scales[c]) : 1;
    }
    for (double[] row : rows) {
      for (int c = 0; c < row.length; c++) {
        row[c] /= scales[c];
      }
    }
    return scales;
  }
}
