package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.util.Objects;

/**
 * Overrides the relative distance that attention sees, in every block that rotates queries and
 * keys. Its kind is a name: more may come, and a backend refuses those that it does not announce
 * ({@link Capabilities#distances}).
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Distances {
  /** All keys, including the query's own, are at that distance. */
  public static final String CONSTANT = "constant";

  /** Keys farther away are moved to that distance. */
  public static final String AT_MOST = "at_most";

  /** Keys farther away are told apart by groups of positions only: {@link #grouped}. */
  public static final String GROUPED = "grouped";

  private final String kind;
  private final int tokens;
  private final int group;

  private Distances(String kind, int tokens, int group) {
    this.kind = kind;
    this.tokens = tokens;
    this.group = group;
  }

  /** Distances of any kind, whether it is named here or not. */
  public static Distances of(String kind, int tokens) {
    return new Distances(kind, tokens, 1);
  }

  /** All keys, including the query's own, at one distance. */
  public static Distances constant(int tokens) {
    return of(CONSTANT, tokens);
  }

  /** Keys farther away at that distance. */
  public static Distances atMost(int tokens) {
    return of(AT_MOST, tokens);
  }

  /**
   * Keys farther away at {@code ⌊i/G⌋ − ⌊j/G⌋ + w − ⌊w/G⌋}, from the query at i to the key at j
   * (Self-Extend, Jin et al. 2024).
   *
   * @param tokens w, the distance up to which keys stay where they are
   * @param group G, how many positions are one; at least 1
   */
  public static Distances grouped(int tokens, int group) {
    if (tokens < 0 || group < 1) {
      throw new IllegalArgumentException("groups of %d beyond %d".formatted(group, tokens));
    }
    return new Distances(GROUPED, tokens, group);
  }

  /** The kind of override. */
  public String kind() {
    return kind;
  }

  /** The distance in tokens. */
  public int tokens() {
    return tokens;
  }

  /** How many positions are one; 1 unless they are {@link #GROUPED}. */
  public int group() {
    return group;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Distances that
        && kind.equals(that.kind)
        && tokens == that.tokens
        && group == that.group;
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, tokens, group);
  }

  @Override
  public String toString() {
    return kind + ":" + tokens + (group == 1 ? "" : "/" + group);
  }
}
