package dev.sonde.backend.reference;

/** What follows attention in a block. */
interface Mlp {
  /**
   * What it adds to the residual stream.
   *
   * @param x {@code [tokens, d_model]}
   */
  float[] apply(float[] x, Observer observer);
}
