package dev.sonde.probe.stepimportance.chain;

import java.util.Arrays;
import java.util.stream.IntStream;

/** What a model writes behind given tokens, as tokens. */
public final class Continuation {
  private Continuation() {}

  /** The given tokens and those behind them. */
  public static int[] joined(int[] given, int... behind) {
    int[] both = Arrays.copyOf(given, given.length + behind.length);
    System.arraycopy(behind, 0, both, given.length, behind.length);
    return both;
  }

  /**
   * Generated tokens without one that ends the text.
   *
   * @param ends the model's tokens that do
   */
  public static int[] withoutEnd(int[] ends, int... tokens) {
    return ended(ends, tokens) ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
  }

  /** Whether the last of generated tokens ends the text. */
  public static boolean ended(int[] ends, int... tokens) {
    return tokens.length > 0
        && IntStream.of(ends).anyMatch(end -> end == tokens[tokens.length - 1]);
  }
}
