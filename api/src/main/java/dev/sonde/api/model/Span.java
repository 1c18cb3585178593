package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;

/**
 * A named run of tokens of a sequence, for example one step of a chain of thought.
 *
 * @param name what it is
 * @param from its first token
 * @param to the token after its last
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public record Span(String name, int from, int to) {
  /** Checks the order of the ends. */
  public Span {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("span %s: [%d, %d) is empty".formatted(name, from, to));
    }
  }
}
