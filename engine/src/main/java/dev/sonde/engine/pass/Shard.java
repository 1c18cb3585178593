package dev.sonde.engine.pass;

/**
 * Consecutive rows of a pass: what is captured in one request and stored in one file per read.
 *
 * @param role the pass
 * @param from its first row
 * @param to the row after its last
 * @param hash of its tokens, which names it in the store
 */
public record Shard(Role role, int from, int to, String hash) {
  /** Number of rows. */
  public int rows() {
    return to - from;
  }
}
