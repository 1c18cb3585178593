package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.AttentionSpec.Sight;
import java.util.Arrays;

/**
 * Attention scores of one query: {@code scale · q·k}, soft-capped, less what distance costs; −∞
 * where it does not see.
 */
record Scores(AttentionSpec spec) {
  /**
   * Scores of one token with all keys up to its own, or with all where it sees those behind too.
   *
   * @param position of the token in its sequence
   * @param length of its sequence
   * @return {@code [heads, keys]}
   */
  float[] of(float[] queries, int token, float[] keys, int position, int length) {
    int heads = spec.heads();
    int sharing = heads / spec.keyValueHeads();
    int headWidth = spec.headWidth();
    int count = spec.sight().symmetric() ? length : position + 1;
    float[] scores = new float[heads * count];
    Arrays.fill(scores, Float.NEGATIVE_INFINITY);
    for (int head = 0; head < heads; head++) {
      int query = (token * heads + head) * headWidth;
      for (int j = 0; j < count; j++) {
        if (sees(position, j)) {
          int key = j * spec.keysWidth() + head / sharing * headWidth;
          float score = capped((float) spec.scale() * dot(queries, query, keys, key));
          scores[head * count + j] = score - cost(head, position - j);
        }
      }
    }
    return scores;
  }

  private boolean sees(int position, int key) {
    Sight sight = spec.sight();
    if (sight.window() == 0) {
      return true;
    }
    return sight.chunked()
        ? position / sight.window() == key / sight.window()
        : Math.abs(position - key) < sight.window();
  }

  private float dot(float[] a, int fromA, float[] b, int fromB) {
    float sum = 0;
    for (int i = 0; i < spec.headWidth(); i++) {
      sum += a[fromA + i] * b[fromB + i];
    }
    return sum;
  }

  private float capped(float score) {
    return spec.cap() > 0 ? (float) (spec.cap() * Math.tanh(score / spec.cap())) : score;
  }

  private float cost(int head, int distance) {
    return spec.slopes().isEmpty() ? 0 : spec.slopes().get(head) * distance;
  }
}
