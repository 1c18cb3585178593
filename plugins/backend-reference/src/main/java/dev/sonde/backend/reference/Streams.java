package dev.sonde.backend.reference;

import java.util.List;

/**
 * What blocks hand on: the residual stream, and what a few families carry beside it.
 *
 * @param residual {@code [tokens, d_model]}
 * @param others further streams of alternating updates, each like the residual stream
 * @param perLayer the inputs that blocks have of their own, one array {@code [tokens, width]} a
 *     block
 */
record Streams(float[] residual, List<float[]> others, List<float[]> perLayer) {
  /** With another residual stream. */
  Streams residual(float[] other) {
    return new Streams(other, others, perLayer);
  }

  /** With other streams beside it. */
  Streams others(List<float[]> streams) {
    return new Streams(residual, streams, perLayer);
  }
}
