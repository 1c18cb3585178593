package dev.sonde.probe.position.estimate;

/**
 * How close one estimator's approximation is to a head's logits on one text.
 *
 * @param r Pearson's r with the logits (E2: row-centred ones); no number where one does not vary
 * @param explained {@code R² = 1 − Σ (w − fit)² / Σ (w − mean)²}: r ignores scale, this does not
 * @param divergence KL(softmax of the logits ‖ softmax of the approximation), nats
 * @param pooling what a pooled r is made of, both in standard deviations of the logits from their
 *     mean: cells, sums of the approximation, its squares and its products with the logits
 */
public record EstimatorFit(double r, double explained, double divergence, double[] pooling) {
  /** Where nothing could be measured. */
  static final EstimatorFit NONE =
      new EstimatorFit(Double.NaN, Double.NaN, Double.NaN, new double[4]);

  /**
   * Compares an approximation.
   *
   * @param of what it approximates
   * @param shares the softmax of the logits
   */
  static EstimatorFit of(double[] of, Shares shares, double[] approximation) {
    double mean = Moments.mean(of);
    double deviation = Moments.deviation(of);
    if (deviation == 0) {
      return NONE;
    }
    double y1 = 0;
    double y2 = 0;
    double xy = 0;
    for (int i = 0; i < of.length; i++) {
      double x = (of[i] - mean) / deviation;
      double y = (approximation[i] - mean) / deviation;
      y1 += y;
      y2 += y * y;
      xy += x * y;
    }
    double cells = of.length;
    double spread = cells * (y2 - y1 * y1 / cells);
    return new EstimatorFit(
        spread > 0 ? xy / Math.sqrt(spread) : Double.NaN,
        (2 * xy - y2) / cells,
        shares.divergence(approximation),
        new double[] {cells, y1, y2, xy});
  }
}
