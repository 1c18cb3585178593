package dev.sonde.decoder.smile;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Standardised;
import dev.sonde.api.evaluate.Targets;
import java.util.Arrays;
import smile.classification.LogisticRegression;

/**
 * Logistic regression on features {@linkplain Standardised standardised} by the training rows. The
 * fitted weights are given for the features as they are, so that scoring is one product. Graded
 * targets are parted at their mean.
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
    Standardised standardised = train.standardised();
    double[][] rows = new double[train.rows()][train.columns()];
    int[] labels = new int[train.rows()];
    double middle = targets.mean();
    for (int row = 0; row < rows.length; row++) {
      standardised.rows().copyRow(row, rows[row]);
      labels[row] = targets.value(row) > middle ? 1 : 0;
    }
    double[] fitted =
        LogisticRegression.binomial(
                rows, labels, new LogisticRegression.Options(lambda, TOLERANCE, MOST_ITERATIONS))
            .coefficients();
    return standardised.linear(Arrays.copyOf(fitted, fitted.length - 1), fitted[fitted.length - 1]);
  }
}
