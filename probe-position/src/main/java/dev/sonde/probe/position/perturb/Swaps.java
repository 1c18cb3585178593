package dev.sonde.probe.position.perturb;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Disjoint pairs of pieces of a text that have as many tokens, single tokens or words, in the order
 * in which they are swapped as more are wanted. All else stays where it is.
 */
public final class Swaps {
  private final int tokens;
  private final List<Pair> pairs;

  private Swaps(int tokens, List<Pair> pairs) {
    this.tokens = tokens;
    this.pairs = pairs;
  }

  private record Pair(int first, int second, int length) {}

  /**
   * Draws pairs of tokens until no token is left that has a free partner. The first token is never
   * swapped.
   *
   * @param reach how far apart the tokens of a pair stand at most
   */
  static Swaps of(RandomGenerator random, int tokens, int reach) {
    return of(random, IntStream.rangeClosed(0, tokens).toArray(), reach);
  }

  /**
   * The same of pieces.
   *
   * @param starts where each begins, and the end of the last
   */
  static Swaps of(RandomGenerator random, int[] starts, int reach) {
    int pieces = starts.length - 1;
    boolean[] taken = new boolean[pieces];
    taken[0] = true;
    List<Pair> pairs = new ArrayList<>();
    for (int piece : shuffled(random, pieces)) {
      if (taken[piece]) {
        continue;
      }
      int own = piece;
      int length = starts[own + 1] - starts[own];
      int[] free =
          IntStream.range(1, pieces)
              .filter(other -> other != own && !taken[other])
              .filter(other -> Math.abs(starts[other] - starts[own]) <= reach)
              .filter(other -> starts[other + 1] - starts[other] == length)
              .toArray();
      if (free.length > 0) {
        int other = free[random.nextInt(free.length)];
        taken[own] = true;
        taken[other] = true;
        pairs.add(new Pair(starts[own], starts[other], length));
      }
    }
    return new Swaps(starts[pieces], pairs);
  }

  /**
   * 0, 1, 2, … with the first pairs swapped: entry t is the index that comes to t.
   *
   * @param fraction of tokens that move
   */
  int[] order(double fraction) {
    int[] order = IntStream.range(0, tokens).toArray();
    long wanted = Math.round(fraction * tokens / 2);
    for (Pair pair : pairs) {
      if (wanted <= 0) {
        break;
      }
      for (int i = 0; i < pair.length(); i++) {
        order[pair.first() + i] = pair.second() + i;
        order[pair.second() + i] = pair.first() + i;
      }
      wanted -= pair.length();
    }
    return order;
  }

  /** What comes to each place. */
  static int[] applied(int[] order, int[] values) {
    int[] moved = new int[values.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = values[order[i]];
    }
    return moved;
  }

  /** 0, 1, 2, … in random order. */
  public static int[] shuffled(RandomGenerator random, int count) {
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }
}
