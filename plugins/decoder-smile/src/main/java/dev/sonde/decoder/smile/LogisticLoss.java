package dev.sonde.decoder.smile;

/**
 * The logistic loss {@code Σ log(1 + e^(−s f))} of rows at their scores f, with what follows from
 * it for one exponential a row.
 *
 * @param scores f, one per row
 * @param residuals the probability of the positive class less the label, one per row
 * @param sum of the losses
 */
record LogisticLoss(double[] scores, double[] residuals, double sum) {
  /** Factors are at most 2; a product of this size leaves room for one more. */
  private static final double LARGE = 1e300;

  static LogisticLoss of(double[] scores, boolean[] positive) {
    double[] residuals = new double[scores.length];
    double linear = 0;
    double logarithms = 0;
    double product = 1;
    for (int row = 0; row < scores.length; row++) {
      double small = Math.exp(-Math.abs(scores[row]));
      double larger = 1 / (1 + small);
      double probability = scores[row] < 0 ? small * larger : larger;
      residuals[row] = positive[row] ? probability - 1 : probability;
      linear += positive[row] ? Math.max(0, -scores[row]) : Math.max(0, scores[row]);
      product *= 1 + small; // one logarithm for many rows
      if (product > LARGE) {
        logarithms += Math.log(product);
        product = 1;
      }
    }
    return new LogisticLoss(scores, residuals, linear + logarithms + Math.log(product));
  }

  /** The loss with every score moved. */
  LogisticLoss moved(double length, double[] by, boolean[] positive) {
    double[] there = new double[scores.length];
    for (int row = 0; row < there.length; row++) {
      there[row] = scores[row] + length * by[row];
    }
    return of(there, positive);
  }

  /** Its second derivative along a change of the scores. */
  double curvature(double[] by) {
    double curvature = 0;
    for (int row = 0; row < by.length; row++) {
      double apart = Math.abs(residuals[row]);
      curvature += apart * (1 - apart) * by[row] * by[row];
    }
    return curvature;
  }
}
