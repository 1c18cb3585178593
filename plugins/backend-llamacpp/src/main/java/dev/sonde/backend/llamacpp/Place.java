package dev.sonde.backend.llamacpp;

/**
 * Where a hook point lies in llama.cpp's graph.
 *
 * @param key of the node
 * @param stride numbers that the node has of each token
 * @param from the first of them that belong to the point
 * @param width how many
 * @param paired width of a head whose rotary halves the file holds as pairs; 0 where there are none
 */
record Place(String key, int stride, int from, int width, int paired) {
  Place {
    if (from < 0 || width < 1 || from + width > stride || (paired > 0 && width % paired != 0)) {
      throw new IllegalArgumentException(
          "numbers %d to %d of %d, heads of %d".formatted(from, from + width, stride, paired));
    }
  }

  /** The point's row of a token's numbers, in the order of Hugging Face's models. */
  float[] row(float[] node, int token) {
    float[] row = new float[width];
    int start = token * stride + from;
    for (int i = 0; i < width; i++) {
      row[i] = node[start + stored(i)];
    }
    return row;
  }

  /** Puts a row back. */
  void put(float[] row, float[] node, int token) {
    int start = token * stride + from;
    for (int i = 0; i < width; i++) {
      node[start + stored(i)] = row[i];
    }
  }

  /**
   * Where a feature stands: llama.cpp's converter stores planes as pairs (2i, 2i + 1) where the
   * model has halves (i, i + d/2).
   */
  private int stored(int feature) {
    if (paired == 0) {
      return feature;
    }
    int within = feature % paired;
    int half = paired / 2;
    return feature - within + within % half * 2 + within / half;
  }
}
