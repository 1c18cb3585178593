package dev.sonde.probe.position.read;

import dev.sonde.api.linalg.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * The cells of a head's logit matrix that are looked at: query i and the keys j it sees, packed row
 * by row. Queries, keys and distances count from 0, the first tokens that are left out not counted.
 *
 * @param size number of queries, and of keys
 * @param distances number of distances, 0 to that less one: all, or the keys of a sliding window
 */
public record CausalPairs(int size, int distances) {
  /**
   * The cells of a text.
   *
   * @param tokens of the text
   * @param first how many first tokens are left out
   * @param window keys that a query sees, its own included; 0 is all
   */
  public static CausalPairs of(int tokens, int first, int window) {
    int size = tokens - first;
    return new CausalPairs(size, window > 0 ? Math.min(size, window) : size);
  }

  /** The first key that a query sees; its own is the last. */
  public int from(int query) {
    return Math.max(0, query - distances + 1);
  }

  /** Number of keys that a query sees. */
  public int keys(int query) {
    return query - from(query) + 1;
  }

  /** Where the row of a query begins among the packed cells. */
  public int start(int query) {
    int growing = Math.min(query, distances);
    return growing * (growing + 1) / 2 + (query - growing) * distances;
  }

  /** Number of cells. */
  public int count() {
    return start(size);
  }

  /** The cells of a whole matrix {@code [queries, keys]} of float32 numbers. */
  public double[] pack(Matrix whole) {
    double[] cells = new double[count()];
    float[] row = new float[size];
    MemorySegment target = MemorySegment.ofArray(row);
    for (int query = 0; query < size; query++) {
      long bytes = (long) size * Float.BYTES;
      MemorySegment.copy(whole.segment(), query * bytes, target, 0, bytes);
      int start = start(query);
      int from = from(query);
      for (int key = from; key <= query; key++) {
        cells[start + key - from] = row[key];
      }
    }
    return cells;
  }

  /** Each row less its mean: softmax does not see the difference. */
  public double[] centred(double[] cells) {
    double[] centred = cells.clone();
    for (int query = 0; query < size; query++) {
      int start = start(query);
      int end = start + keys(query);
      double sum = 0;
      for (int cell = start; cell < end; cell++) {
        sum += cells[cell];
      }
      double mean = sum / keys(query);
      for (int cell = start; cell < end; cell++) {
        centred[cell] -= mean;
      }
    }
    return centred;
  }

  /**
   * Puts packed cells into a whole matrix {@code [tokens, tokens]}.
   *
   * @param first how many first tokens were left out; the matrix has them
   */
  public void put(double[] cells, float[] whole, int first) {
    int tokens = size + first;
    for (int query = 0; query < size; query++) {
      int start = start(query);
      int from = from(query);
      for (int key = from; key <= query; key++) {
        whole[(query + first) * tokens + key + first] = (float) cells[start + key - from];
      }
    }
  }
}
