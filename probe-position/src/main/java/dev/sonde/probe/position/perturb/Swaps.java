package dev.sonde.probe.position.perturb;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Disjoint pairs of tokens of a text, in the order in which they are swapped as more are wanted.
 */
public final class Swaps {
  private final int tokens;
  private final List<int[]> pairs;

  private Swaps(int tokens, List<int[]> pairs) {
    this.tokens = tokens;
    this.pairs = pairs;
  }

  /**
   * Draws pairs until no token is left that has a free partner. The first token is never swapped.
   *
   * @param reach how far apart the tokens of a pair stand at most
   */
  static Swaps of(RandomGenerator random, int tokens, int reach) {
    boolean[] taken = new boolean[tokens];
    taken[0] = true;
    List<int[]> pairs = new ArrayList<>();
    for (int token : shuffled(random, tokens)) {
      if (taken[token]) {
        continue;
      }
      int[] free =
          IntStream.rangeClosed(Math.max(1, token - reach), Math.min(tokens - 1, token + reach))
              .filter(other -> other != token && !taken[other])
              .toArray();
      if (free.length > 0) {
        int other = free[random.nextInt(free.length)];
        taken[token] = true;
        taken[other] = true;
        pairs.add(new int[] {token, other});
      }
    }
    return new Swaps(tokens, pairs);
  }

  /**
   * 0, 1, 2, … with the first pairs swapped: entry t is the index that comes to t.
   *
   * @param fraction of tokens that move
   */
  int[] order(double fraction) {
    int[] order = IntStream.range(0, tokens).toArray();
    int count = (int) Math.min(pairs.size(), Math.round(fraction * tokens / 2));
    for (int[] pair : pairs.subList(0, count)) {
      order[pair[0]] = pair[1];
      order[pair[1]] = pair[0];
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
