package dev.sonde.formats.huggingface;

import dev.sonde.formats.Weight;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * Experts as GPT-OSS stores them: 4-bit numbers in groups of 32 that share a power of two (OCP
 * Microscaling Formats, MXFP4), {@code [experts, out, in]}; given as {@code [experts, in, out]}.
 *
 * @param blocks {@code [experts, out, groups, 16]}, two numbers a byte, the first in its low half
 * @param scales {@code [experts, out, groups]}, exponents with a bias of 127
 */
record Mxfp4Weight(Tensor blocks, Tensor scales) implements Weight {
  /** Numbers that share a scale. */
  static final int BLOCK = 32;

  private static final int BIAS = 127;
  private static final float[] MAGNITUDES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6};

  @Override
  public String name() {
    return blocks.name();
  }

  @Override
  public List<Long> shape() {
    List<Long> stored = scales.shape();
    return List.of(stored.get(0), stored.get(2) * BLOCK, stored.get(1));
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    long in = shape().get(1);
    long out = shape().get(2);
    for (long i = 0; i < count; i++) {
      long expert = (from + i) / (in * out);
      long column = (from + i) / out % in;
      long row = (from + i) % out;
      float value = at((expert * out + row) * in + column);
      target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  /** A number by its place in {@code [experts, out, in]}. */
  private float at(long index) {
    int pair = blocks.data().get(ValueLayout.JAVA_BYTE, index / 2);
    int nibble = index % 2 == 0 ? pair & 0xF : pair >> 4 & 0xF;
    int exponent = scales.data().get(ValueLayout.JAVA_BYTE, index / BLOCK) & 0xFF;
    float magnitude = Math.scalb(MAGNITUDES[nibble & 7], exponent - BIAS);
    return nibble > 7 ? -magnitude : magnitude;
  }
}
