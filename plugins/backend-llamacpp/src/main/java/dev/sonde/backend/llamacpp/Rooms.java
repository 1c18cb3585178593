package dev.sonde.backend.llamacpp;

import java.util.Arrays;

/** What the rooms of a context hold: the tokens whose keys and values are there. */
final class Rooms {
  private final LlamaContext context;
  private final int[][] tokens;
  private final boolean[] plain;

  /** Empty rooms. */
  Rooms(LlamaContext context) {
    this.context = context;
    this.tokens = new int[context.shape().sequences()][0];
    this.plain = new boolean[tokens.length];
  }

  LlamaContext context() {
    return context;
  }

  int count() {
    return tokens.length;
  }

  /**
   * Says what a room holds.
   *
   * @param unchanged whether they were computed without interventions
   */
  void hold(int room, int[] all, boolean unchanged) {
    tokens[room] = all;
    plain[room] = unchanged;
  }

  /** Gives one room what another holds. */
  void copy(int from, int to) {
    if (from != to) {
      context.copy(from, to);
      hold(to, tokens[from], plain[from]);
    }
  }

  /**
   * Leaves the first tokens of a room.
   *
   * @return how many are left: none where the model keeps a state that cannot be cut
   */
  int cut(int room, int left) {
    if (left < tokens[room].length) {
      boolean done = left > 0 && context.cut(room, left);
      if (left == 0) {
        context.cut(room, 0);
      }
      hold(room, done ? Arrays.copyOf(tokens[room], left) : new int[0], plain[room]);
    }
    return tokens[room].length;
  }

  /** The room that begins most like a sequence, if it was computed without interventions. */
  int like(int[] sequence) {
    int best = 0;
    for (int room = 1; room < tokens.length; room++) {
      best = shared(room, sequence) > shared(best, sequence) ? room : best;
    }
    return best;
  }

  /** How many first tokens of a sequence a room holds. */
  int shared(int room, int[] sequence) {
    if (!plain[room]) {
      return 0;
    }
    int mismatch = Arrays.mismatch(tokens[room], sequence);
    return mismatch < 0 ? sequence.length : mismatch;
  }

  /** Forgets everything. */
  void clear() {
    context.clear();
    Arrays.fill(tokens, new int[0]);
    Arrays.fill(plain, false);
  }
}
