package dev.sonde.backend.reference;

/** What follows attention in a block. */
interface Mlp {
  /**
   * What it adds to the residual stream.
   *
   * @param x {@code [tokens, d_model]}, the residual stream as the block's norm gives it
   * @param residual the stream itself
   */
  float[] apply(float[] x, float[] residual, Observer observer);
}
