package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import java.util.Arrays;

/** Rotated keys, and values, of the tokens of one sequence so far, per block. */
final class KeyValueCache {
  private final int width;
  private final float[][] keys;
  private final float[][] values;
  private final int[] lengths;

  private KeyValueCache(int width, float[][] keys, float[][] values, int[] lengths) {
    this.width = width;
    this.keys = keys;
    this.values = values;
    this.lengths = lengths;
  }

  /** An empty cache for a sequence of that decoder. */
  static KeyValueCache empty(DecoderSpec spec) {
    int layers = spec.layers();
    return new KeyValueCache(
        spec.attention().keyWidth(), new float[layers][0], new float[layers][0], new int[layers]);
  }

  /** A cache that begins with what this one holds. */
  KeyValueCache copy() {
    return new KeyValueCache(width, copy(keys), copy(values), lengths.clone());
  }

  private static float[][] copy(float[][] rows) {
    return Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
  }

  /** Tokens that went through all blocks. */
  int length() {
    return lengths[lengths.length - 1];
  }

  /** Forgets everything. */
  void clear() {
    Arrays.fill(lengths, 0);
  }

  /**
   * Adds those of the next tokens in a block.
   *
   * @return all so far
   */
  KeyValues append(int layer, KeyValues added) {
    int end = lengths[layer] * width;
    int needed = end + added.keys().length;
    if (keys[layer].length < needed) {
      int room = Math.max(needed, 2 * keys[layer].length);
      keys[layer] = Arrays.copyOf(keys[layer], room);
      values[layer] = Arrays.copyOf(values[layer], room);
    }
    System.arraycopy(added.keys(), 0, keys[layer], end, added.keys().length);
    System.arraycopy(added.values(), 0, values[layer], end, added.values().length);
    lengths[layer] = needed / width;
    return new KeyValues(width, keys[layer], values[layer]);
  }
}
