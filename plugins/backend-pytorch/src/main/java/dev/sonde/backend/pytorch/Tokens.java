package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import java.util.Optional;

/** How the tokens of a pass stand to one another. */
interface Tokens {
  /** Per token, its row in the learned positions. */
  PtNDArray positions(Torch.Scope scope);

  /**
   * Turns queries or keys by their positions.
   *
   * @param x {@code [tokens, heads, d_head]}
   */
  PtNDArray rotate(Torch.Scope scope, int layer, PtNDArray x);

  /** Multiplies queries with what their positions make of them. */
  PtNDArray grow(Torch.Scope scope, int layer, PtNDArray queries);

  /** The keys and values that an earlier block has made of these tokens. */
  Keys lent(int layer);

  /**
   * Mixes values.
   *
   * @param before queries and keys as they are before rotation
   * @param heads queries and keys rotated
   * @param sinks a logit per head that takes part in the softmax
   * @return {@code [tokens, heads · d_value]}
   */
  PtNDArray mix(
      Torch.Scope scope,
      int layer,
      Heads before,
      Heads heads,
      Optional<PtNDArray> sinks,
      Taps taps);

  /**
   * Runs a mixer that is no attention over each sequence's tokens alone.
   *
   * @param x {@code [tokens, …]}
   * @return what it gives, in the order of the tokens
   */
  PtNDArray eachAlone(Torch.Scope scope, PtNDArray x, Alone mixer);

  /** A mixer over the tokens of one sequence. */
  interface Alone {
    /**
     * Mixes.
     *
     * @param past what it kept of the tokens before, to be brought up to date
     */
    PtNDArray apply(Torch.Scope scope, PtNDArray x, Optional<KeyValues> past);
  }

  /** Keys before and after rotation, and values, {@code [tokens, heads, width]}. */
  record Keys(PtNDArray before, PtNDArray turned, PtNDArray values) {}

  /** Queries, keys and values of some tokens, {@code [tokens, heads, width]}. */
  record Heads(PtNDArray q, PtNDArray k, PtNDArray v) {}
}
