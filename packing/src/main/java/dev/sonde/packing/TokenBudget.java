package dev.sonde.packing;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/** Runs of tokens, in order, cut into parts that are computed together. */
public final class TokenBudget {
  private TokenBudget() {}

  /**
   * Some runs that stand one behind the other.
   *
   * @param from the first
   * @param to the one after the last
   */
  public record Part(int from, int to) {}

  /**
   * Cuts runs into parts of at most so many tokens; a longer run is a part of its own.
   *
   * @param count number of runs
   * @param length tokens of a run
   */
  public static List<Part> cut(int count, IntUnaryOperator length, int mostTokens) {
    List<Part> parts = new ArrayList<>();
    int from = 0;
    int tokens = 0;
    for (int i = 0; i <= count; i++) {
      int more = i == count ? 0 : length.applyAsInt(i);
      if (i > from && (i == count || tokens + more > mostTokens)) {
        parts.add(new Part(from, i));
        from = i;
        tokens = 0;
      }
      tokens += more;
    }
    return parts;
  }
}
