package dev.sonde.backend.reference;

import java.util.Optional;

/** How the queries, keys and values of tokens are made. */
interface Projection {
  /**
   * Queries, keys and values.
   *
   * @param queries {@code [tokens, heads, d_head]}
   * @param keys {@code [tokens, key-value heads, d_head]}; empty where those of another block are
   *     taken
   * @param values {@code [tokens, key-value heads, d_value]}; empty likewise
   * @param gates of the mixed values, where the query's linear gives them, before the sigmoid
   */
  record Heads(float[] queries, float[] keys, float[] values, Optional<float[]> gates) {}

  Heads apply(float[] x, Observer observer);
}
