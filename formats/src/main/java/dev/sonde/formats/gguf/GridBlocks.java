package dev.sonde.formats.gguf;

import static dev.sonde.formats.gguf.Bits.bit;
import static dev.sonde.formats.gguf.Bits.half;
import static dev.sonde.formats.gguf.Bits.i32;
import static dev.sonde.formats.gguf.Bits.nibble;
import static dev.sonde.formats.gguf.Bits.u16;

/**
 * The numbers of blocks that name points of a grid, some elements at a time, one function per type;
 * see {@link Blocks}. All types have 256 elements a block.
 */
final class GridBlocks {
  private static final int BLOCK = 256;

  /** What the points of the one-bit types are moved by. */
  private static final float OFFSET = 0.125f;

  private GridBlocks() {}

  /**
   * scale; per 32 elements four bytes with a point each, and 32 bits: four times seven signs, a
   * scale.
   */
  static void iq2xxs(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 66, to += BLOCK) {
      float scale = half(in, at);
      for (int part = 0; part < 8; part++) {
        int points = at + 2 + part * 8;
        int bits = i32(in, points + 4);
        float step = scale * (0.5f + (bits >>> 28)) * 0.25f;
        for (int j = 0; j < 4; j++) {
          int signs = withParity(bits >>> (7 * j) & 127);
          Grid.IQ2_XXS.put(in[points + j] & 255, step, signs, out, to + part * 32 + j * 8);
        }
      }
    }
  }

  /** scale; 32 times 9 bits of a point and 7 signs; a 4-bit scale per 16 elements. */
  static void iq2xs(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 74, to += BLOCK) {
      float scale = half(in, at);
      for (int j = 0; j < 32; j++) {
        int bits = u16(in, at + 2 + 2 * j);
        float step = scale * (0.5f + sixteenth(in, at + 66, j / 2)) * 0.25f;
        Grid.IQ2_XS.put(bits & 511, step, withParity(bits >>> 9), out, to + j * 8);
      }
    }
  }

  /**
   * scale; the lower 8 bits of 32 points; 32 times 8 signs; the upper 2 bits of the points; a 4-bit
   * scale per 16 elements.
   */
  static void iq2s(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 82, to += BLOCK) {
      float scale = half(in, at);
      for (int j = 0; j < 32; j++) {
        int upper = in[at + 66 + j / 4] >>> (j % 4 * 2) & 3;
        int point = (in[at + 2 + j] & 255) | (upper << 8);
        float step = scale * (0.5f + sixteenth(in, at + 74, j / 2)) * 0.25f;
        Grid.IQ2_S.put(point, step, in[at + 34 + j], out, to + j * 8);
      }
    }
  }

  /**
   * scale; 64 bytes with a point of four elements each; per 32 elements 32 bits as in {@link
   * #iq2xxs}.
   */
  static void iq3xxs(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 98, to += BLOCK) {
      float scale = half(in, at);
      for (int part = 0; part < 8; part++) {
        int bits = i32(in, at + 66 + part * 4);
        float step = scale * (0.5f + (bits >>> 28)) * 0.5f;
        for (int j = 0; j < 8; j++) {
          int signs = withParity(bits >>> (7 * (j / 2)) & 127) >>> (j % 2 * 4);
          int point = in[at + 2 + part * 8 + j] & 255;
          Grid.IQ3_XXS.put(point, step, signs, out, to + part * 32 + j * 4);
        }
      }
    }
  }

  /**
   * scale; the lower 8 bits of 64 points of four elements; their ninth bits; 256 signs; a 4-bit
   * scale per 32 elements.
   */
  static void iq3s(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 110, to += BLOCK) {
      float scale = half(in, at);
      for (int j = 0; j < 64; j++) {
        int point = (in[at + 2 + j] & 255) | (bit(in[at + 66 + j / 8], j % 8) << 8);
        int signs = in[at + 74 + j / 2] >>> (j % 2 * 4);
        float step = scale * (1 + 2 * sixteenth(in, at + 106, j / 8));
        Grid.IQ3_S.put(point, step, signs, out, to + j * 4);
      }
    }
  }

  /**
   * scale; the lower 8 bits of 32 points; per 32 elements 16 bits: the upper 3 bits of four points,
   * a scale, which way the points are moved.
   */
  static void iq1s(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 50, to += BLOCK) {
      float scale = half(in, at);
      for (int j = 0; j < 32; j++) {
        int bits = u16(in, at + 34 + j / 4 * 2);
        int point = (in[at + 2 + j] & 255) | ((bits >>> (j % 4 * 3) & 7) << 8);
        float step = scale * (2 * (bits >>> 12 & 7) + 1);
        Grid.IQ1.putMoved(point, step, bit(bits, 15) == 0 ? OFFSET : -OFFSET, out, to + j * 8);
      }
    }
  }

  /**
   * The lower 8 bits of 32 points; 32 times 4 bits: the upper 3 of a point, and which way it is
   * moved; four times 16 bits: four scales of 16 elements each, and a quarter of the scale of all.
   */
  static void iq1m(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 56, to += BLOCK) {
      int quarters = 0;
      for (int i = 0; i < 4; i++) {
        quarters |= u16(in, at + 48 + 2 * i) >>> 12 << (4 * i);
      }
      float scale = Float.float16ToFloat((short) quarters);
      for (int j = 0; j < 32; j++) {
        int four = nibble(in[at + 32 + j / 2], j % 2 * 4);
        int point = (in[at + j] & 255) | ((four & 7) << 8);
        int own = u16(in, at + 48 + j / 8 * 2) >>> (j / 2 % 4 * 3) & 7;
        float step = scale * (2 * own + 1);
        Grid.IQ1.putMoved(point, step, bit(four, 3) == 0 ? OFFSET : -OFFSET, out, to + j * 8);
      }
    }
  }

  private static int sixteenth(byte[] in, int at, int part) {
    return nibble(in[at + part / 2], part % 2 * 4);
  }

  /** Seven signs and the eighth, which makes their number even. */
  private static int withParity(int seven) {
    return seven | ((Integer.bitCount(seven) & 1) << 7);
  }
}
