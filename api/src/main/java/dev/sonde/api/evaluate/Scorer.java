package dev.sonde.api.evaluate;

/** A fitted decoder. */
public interface Scorer {
  /** One score per row; higher means more likely positive. */
  double[] score(Design rows);

  /** A linear scorer {@code x · weights + bias}; the engine applies many of them at once. */
  static Scorer linear(double[] weights, double bias) {
    return new LinearScorer(weights.clone(), bias);
  }
}
