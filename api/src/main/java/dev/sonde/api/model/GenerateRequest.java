package dev.sonde.api.model;

import java.util.List;

/** What one generation over a set of sequences should produce; greedy decoding. */
public final class GenerateRequest {
  private final List<Sequence> sequences;
  private final int[] stopTokens;

  private GenerateRequest(List<Sequence> sequences, int[] stopTokens) {
    this.sequences = List.copyOf(sequences);
    this.stopTokens = stopTokens;
  }

  /**
   * Greedy continuation of each sequence by at most {@link Sequence#maxNewTokens()} tokens.
   *
   * @param stopTokens a sequence ends after the first of these, which is part of its output
   */
  public static GenerateRequest greedy(List<Sequence> sequences, int... stopTokens) {
    return new GenerateRequest(sequences, stopTokens.clone());
  }

  /** The items. */
  public List<Sequence> sequences() {
    return sequences;
  }

  /** Whether a generation ends with that token. */
  public boolean stopsAt(int token) {
    for (int stop : stopTokens) {
      if (stop == token) {
        return true;
      }
    }
    return false;
  }
}
