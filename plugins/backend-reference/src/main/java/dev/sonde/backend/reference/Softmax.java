package dev.sonde.backend.reference;

/** Softmax and its logarithm, in double precision. */
final class Softmax {
  private Softmax() {}

  /** {@code exp(xᵢ) / Σ exp(xⱼ)}. */
  static double[] of(float[] x) {
    double[] shares = log(x);
    for (int i = 0; i < shares.length; i++) {
      shares[i] = Math.exp(shares[i]);
    }
    return shares;
  }

  /** {@code xᵢ − log Σ exp(xⱼ)}; the largest is taken out first so that nothing overflows. */
  static double[] log(float[] x) {
    double highest = Double.NEGATIVE_INFINITY;
    for (float value : x) {
      highest = Math.max(highest, value);
    }
    double sum = 0;
    for (float value : x) {
      sum += Math.exp(value - highest);
    }
    double[] logs = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      logs[i] = x[i] - highest - Math.log(sum);
    }
    return logs;
  }
}
