package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import java.util.Arrays;

/** What the mixers keep of the tokens of one sequence so far, per block. */
final class KeyValueCache {
  private final float[][] keys;
  private final float[][] values;
  private final int[] lengths;

  private KeyValueCache(float[][] keys, float[][] values, int[] lengths) {
    this.keys = keys;
    this.values = values;
    this.lengths = lengths;
  }

  /** An empty cache for a sequence of that decoder. */
  static KeyValueCache empty(DecoderSpec spec) {
    int layers = spec.layers();
    return new KeyValueCache(new float[layers][0], new float[layers][0], new int[layers]);
  }

  /** A cache that begins with what this one holds. */
  KeyValueCache copy() {
    return new KeyValueCache(copy(keys), copy(values), lengths.clone());
  }

  private static float[][] copy(float[][] rows) {
    return Arrays.stream(rows).map(float[]::clone).toArray(float[][]::new);
  }

  /** Tokens that went through all blocks. */
  int length() {
    return lengths[0]; // later blocks may keep none of their own
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
    int before = lengths[layer];
    keys[layer] = behind(keys[layer], before * added.keyWidth(), added.keys());
    values[layer] = behind(values[layer], before * added.valueWidth(), added.values());
    lengths[layer] = before + added.keys().length / added.keyWidth();
    return new KeyValues(added.keyWidth(), added.valueWidth(), keys[layer], values[layer]);
  }

  /** Those of all tokens so far in a block. */
  KeyValues all(int layer, int keyWidth, int valueWidth) {
    return new KeyValues(keyWidth, valueWidth, keys[layer], values[layer]);
  }

  /** With more numbers from a place on, in the same array if there is room. */
  private static float[] behind(float[] all, int end, float[] more) {
    int needed = end + more.length;
    float[] room = all.length < needed ? Arrays.copyOf(all, Math.max(needed, 2 * all.length)) : all;
    System.arraycopy(more, 0, room, end, more.length);
    return room;
  }
}
