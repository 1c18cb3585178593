package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import java.util.Arrays;

/** Rotated keys and values of the tokens of one sequence so far, per block. */
final class KeyValueCache {
  private final int rowWidth;
  private final float[][] keys;
  private final float[][] values;
  private final int[] lengths;

  private KeyValueCache(int layers, int rowWidth) {
    this.rowWidth = rowWidth;
    this.keys = new float[layers][0];
    this.values = new float[layers][0];
    this.lengths = new int[layers];
  }

  /** An empty cache for a sequence of that decoder. */
  static KeyValueCache empty(DecoderSpec spec) {
    return new KeyValueCache(spec.layers(), spec.keyValueHeads() * spec.headWidth());
  }

  int length(int layer) {
    return lengths[layer];
  }

  float[] keys(int layer) {
    return keys[layer];
  }

  float[] values(int layer) {
    return values[layer];
  }

  /** Adds the rows of some tokens. */
  void append(int layer, float[] newKeys, float[] newValues, int start, int count) {
    int needed = (lengths[layer] + count) * rowWidth;
    if (keys[layer].length < needed) {
      keys[layer] = Arrays.copyOf(keys[layer], Math.max(needed, 2 * keys[layer].length));
      values[layer] = Arrays.copyOf(values[layer], keys[layer].length);
    }
    int end = lengths[layer] * rowWidth;
    System.arraycopy(newKeys, start * rowWidth, keys[layer], end, count * rowWidth);
    System.arraycopy(newValues, start * rowWidth, values[layer], end, count * rowWidth);
    lengths[layer] += count;
  }
}
