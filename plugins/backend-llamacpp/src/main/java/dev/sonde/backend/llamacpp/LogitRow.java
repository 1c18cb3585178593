package dev.sonde.backend.llamacpp;

import dev.sonde.packing.Sampler;

/**
 * Logits of the next token as a distribution.
 *
 * @param logits one a token
 * @param total logarithm of the sum of their exponentials
 */
record LogitRow(float[] logits, double total) implements Sampler.Distribution {
  static LogitRow of(float[] logits) {
    return new LogitRow(logits, logOfSum(logits));
  }

  @Override
  public double logProbability(int token) {
    return logits[token] - total;
  }

  @Override
  public int size() {
    return logits.length;
  }

  /** {@code log Σ exp x}, around the largest. */
  static double logOfSum(float[] x) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float value : x) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (float value : x) {
      sum += Math.exp(value - largest);
    }
    return largest + Math.log(sum);
  }
}
