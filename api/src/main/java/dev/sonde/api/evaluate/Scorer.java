package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;

/** A fitted decoder. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Scorer {
  /** One score per row; higher means more likely positive. */
  double[] score(Design rows);

  /** A linear scorer {@code x · weights + bias}; the engine applies many of them at once. */
  static Scorer linear(double[] weights, double bias) {
    return new LinearScorer(weights.clone(), bias);
  }
}
