package dev.sonde.backend.reference;

import java.util.List;
import java.util.Optional;

/**
 * A run of tokens of one sequence among all tokens of a pass.
 *
 * @param start its first token among all tokens
 * @param length its tokens
 * @param past how many tokens of its sequence come before it
 * @param cache keys and values of those; those of its own are added
 */
record Run(int start, int length, int past, Optional<KeyValueCache> cache) {
  /** A whole sequence. */
  static Run whole(int start, int length) {
    return new Run(start, length, 0, Optional.empty());
  }

  /** Tokens that come after what a cache holds, alone in their pass. */
  static List<Run> after(KeyValueCache cache, int length) {
    return List.of(new Run(0, length, cache.length(), Optional.of(cache)));
  }

  /** All tokens that its sequence has so far. */
  int sequenceLength() {
    return past + length;
  }

  /** Keys and values of all tokens that its sequence has so far in a block. */
  KeyValues seen(int layer, KeyValues ofAllTokens) {
    KeyValues own = ofAllTokens.tokens(start, length);
    return cache.map(c -> c.append(layer, own)).orElse(own);
  }
}
