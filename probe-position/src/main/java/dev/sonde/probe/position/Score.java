package dev.sonde.probe.position;

/**
 * How close one estimator's approximation is to a head's logits on one text.
 *
 * @param r Pearson's r with the logits (E2: row-centred ones)
 * @param explained R²
 * @param divergence KL(softmax of the logits ‖ softmax of the approximation), nats
 * @param pooling what a pooled r is made of, both in standard deviations of the logits from their
 *     mean: cells, sums of the approximation, its squares and its products with the logits
 */
record Score(double r, double explained, double divergence, double[] pooling) {
  /** Where nothing could be measured. */
  static final Score NONE = new Score(Double.NaN, Double.NaN, Double.NaN, new double[4]);

  /**
   * Compares an approximation.
   *
   * @param of what it approximates
   * @param logits the logits, for the softmax
   */
  static Score of(Block block, double[] of, double[] logits, double[] approximation) {
    return new Score(
        Agreement.correlation(of, approximation),
        Agreement.explained(of, approximation),
        Agreement.divergence(block.cells(), logits, approximation, block.cap()),
        pooling(of, approximation));
  }

  private static double[] pooling(double[] w, double[] fit) {
    double mean = Agreement.mean(w);
    double deviation = Agreement.deviation(w);
    double[] sums = new double[4];
    if (deviation == 0) {
      return sums;
    }
    for (int i = 0; i < w.length; i++) {
      double x = (w[i] - mean) / deviation;
      double y = (fit[i] - mean) / deviation;
      sums[0]++;
      sums[1] += y;
      sums[2] += y * y;
      sums[3] += x * y;
    }
    return sums;
  }
}
