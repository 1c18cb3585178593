package dev.sonde.formats.gguf;

import static dev.sonde.formats.gguf.Bits.bit;
import static dev.sonde.formats.gguf.Bits.half;
import static dev.sonde.formats.gguf.Bits.high;
import static dev.sonde.formats.gguf.Bits.i32;
import static dev.sonde.formats.gguf.Bits.low;
import static dev.sonde.formats.gguf.Bits.nibble;
import static dev.sonde.formats.gguf.Bits.u16;

/**
 * The numbers of blocks, one function per type. Layouts and the order of the float32 operations are
 * those of ggml's reference functions, so that the numbers are the same to the last bit.
 */
final class Blocks {
  /** Numbers in a block of the simple types, {@code QK4_0} and others. */
  private static final int SMALL = 32;

  /** Numbers in a block of the K types, {@code QK_K}. */
  private static final int LARGE = 256;

  /** The values of a 4-bit float (E2M1), doubled so that they are whole numbers. */
  private static final byte[] E2M1_DOUBLED = {
    0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12
  };

  /** The values that the places of IQ4 stand for, closer where weights are many. */
  private static final byte[] NORMAL = {
    -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113
  };

  private Blocks() {}

  static void f32(byte[] in, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = Float.intBitsToFloat(i32(in, 4 * i));
    }
  }

  static void f16(byte[] in, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = half(in, 2 * i);
    }
  }

  static void bf16(byte[] in, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      out[i] = Float.intBitsToFloat(u16(in, 2 * i) << 16);
    }
  }

  static void f64(byte[] in, int count, float[] out) {
    for (int i = 0; i < count; i++) {
      long low = Integer.toUnsignedLong(i32(in, 8 * i));
      out[i] = (float) Double.longBitsToDouble(((long) i32(in, 8 * i + 4) << 32) | low);
    }
  }

  /** scale, 16 bytes: element j in the low half of byte j, element j + 16 in its high half. */
  static void q40(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 18, to += SMALL) {
      float scale = half(in, at);
      for (int j = 0; j < SMALL / 2; j++) {
        out[to + j] = scale * (low(in[at + 2 + j]) - 8);
        out[to + j + SMALL / 2] = scale * (high(in[at + 2 + j]) - 8);
      }
    }
  }

  /** scale, least value, 16 bytes as in {@link #q40}. */
  static void q41(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 20, to += SMALL) {
      float scale = half(in, at);
      float least = half(in, at + 2);
      for (int j = 0; j < SMALL / 2; j++) {
        out[to + j] = scale * low(in[at + 4 + j]) + least;
        out[to + j + SMALL / 2] = scale * high(in[at + 4 + j]) + least;
      }
    }
  }

  /** scale, 32 fifth bits, 16 bytes as in {@link #q40}. */
  static void q50(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 22, to += SMALL) {
      float scale = half(in, at);
      int fifth = i32(in, at + 2);
      for (int j = 0; j < SMALL / 2; j++) {
        int first = low(in[at + 6 + j]) | (bit(fifth, j) << 4);
        int second = high(in[at + 6 + j]) | (bit(fifth, j + SMALL / 2) << 4);
        out[to + j] = scale * (first - 16);
        out[to + j + SMALL / 2] = scale * (second - 16);
      }
    }
  }

  /** scale, least value, 32 fifth bits, 16 bytes as in {@link #q40}. */
  static void q51(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 24, to += SMALL) {
      float scale = half(in, at);
      float least = half(in, at + 2);
      int fifth = i32(in, at + 4);
      for (int j = 0; j < SMALL / 2; j++) {
        int first = low(in[at + 8 + j]) | (bit(fifth, j) << 4);
        int second = high(in[at + 8 + j]) | (bit(fifth, j + SMALL / 2) << 4);
        out[to + j] = scale * first + least;
        out[to + j + SMALL / 2] = scale * second + least;
      }
    }
  }

  /** scale, 32 signed bytes. */
  static void q80(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 34, to += SMALL) {
      float scale = half(in, at);
      for (int j = 0; j < SMALL; j++) {
        out[to + j] = scale * in[at + 2 + j];
      }
    }
  }

  /**
   * scale, scale of the least values, 12 bytes with eight 6-bit pairs of them, 128 bytes: of every
   * 64 elements the first 32 in the low halves of 32 bytes, the others in the high halves.
   */
  static void q4k(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 144, to += LARGE) {
      float scale = half(in, at);
      float leastScale = half(in, at + 2);
      for (int part = 0; part < 8; part++) {
        float step = scale * scaleOf(in, at + 4, part);
        float least = leastScale * leastOf(in, at + 4, part);
        int bits = at + 16 + part / 2 * 32;
        int shift = part % 2 * 4;
        for (int j = 0; j < 32; j++) {
          out[to + part * 32 + j] = step * nibble(in[bits + j], shift) - least;
        }
      }
    }
  }

  /** As {@link #q4k}, with 32 bytes between scales and bits: byte j has the fifth bits of j. */
  static void q5k(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 176, to += LARGE) {
      float scale = half(in, at);
      float leastScale = half(in, at + 2);
      for (int part = 0; part < 8; part++) {
        float step = scale * scaleOf(in, at + 4, part);
        float least = leastScale * leastOf(in, at + 4, part);
        int bits = at + 48 + part / 2 * 32;
        int shift = part % 2 * 4;
        for (int j = 0; j < 32; j++) {
          int fifth = bit(in[at + 16 + j], part) << 4;
          out[to + part * 32 + j] = step * (nibble(in[bits + j], shift) | fifth) - least;
        }
      }
    }
  }

  /**
   * 128 bytes with the lower 4 bits, 64 with the upper 2, 16 signed scales, scale. Of every 128
   * elements the first 64 are in the low halves of 64 bytes, the others in the high halves.
   */
  static void q6k(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 210, to += LARGE) {
      float scale = half(in, at + 208);
      for (int part = 0; part < 8; part++) {
        int lower = at + part / 4 * 64 + part % 2 * 32;
        int upper = at + 128 + part / 4 * 32;
        int shift = part % 4 / 2 * 4;
        for (int j = 0; j < 32; j++) {
          float step = scale * in[at + 192 + part * 2 + j / 16];
          int four = nibble(in[lower + j], shift);
          int two = in[upper + j] >>> (part % 4 * 2) & 3;
          out[to + part * 32 + j] = step * ((four | (two << 4)) - 32);
        }
      }
    }
  }

  /** exponent, 16 bytes as in {@link #q40} of 4-bit floats. */
  static void mxfp4(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 17, to += SMALL) {
      float scale = halfPowerOfTwo(in[at] & 255);
      for (int j = 0; j < SMALL / 2; j++) {
        out[to + j] = scale * E2M1_DOUBLED[low(in[at + 1 + j])];
        out[to + j + SMALL / 2] = scale * E2M1_DOUBLED[high(in[at + 1 + j])];
      }
    }
  }

  /** {@code 2^(exponent - 127) / 2}, which makes up for the doubled values. */
  private static float halfPowerOfTwo(int exponent) {
    return Float.intBitsToFloat(exponent < 2 ? 0x200000 << exponent : (exponent - 1) << 23);
  }

  /**
   * 16 bytes with a 4-bit scale and least value per 16 elements, 64 bytes, scale, scale of the
   * least values. Of every 128 elements each 32 are two bits of the same 32 bytes, the lowest
   * first.
   */
  static void q2k(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 84, to += LARGE) {
      float scale = half(in, at + 80);
      float leastScale = half(in, at + 82);
      for (int part = 0; part < 16; part++) {
        float step = scale * low(in[at + part]);
        float least = leastScale * high(in[at + part]);
        for (int j = 0; j < 16; j++) {
          out[to + part * 16 + j] = step * two(in, at + 16, part * 16 + j) - least;
        }
      }
    }
  }

  /**
   * 32 bytes with the third bits, byte j that of elements j, j + 32 …; 64 bytes as in {@link #q2k};
   * sixteen 6-bit scales in 12 bytes; scale. An element whose third bit is not set is four less.
   */
  static void q3k(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 110, to += LARGE) {
      float scale = half(in, at + 108);
      for (int part = 0; part < 16; part++) {
        int lower = nibble(in[at + 96 + part % 8], part / 8 * 4);
        int upper = in[at + 104 + part % 4] >>> (part / 4 * 2) & 3;
        float step = scale * ((lower | (upper << 4)) - 32);
        for (int j = 0; j < 16; j++) {
          int element = part * 16 + j;
          int less = bit(in[at + element % 32], element / 32) == 0 ? 4 : 0;
          out[to + element] = step * (two(in, at + 32, element) - less);
        }
      }
    }
  }

  /** Two bits of the 64 bytes of a block, see {@link #q2k}. */
  private static int two(byte[] in, int at, int element) {
    return in[at + element / 128 * 32 + element % 32] >>> (element % 128 / 32 * 2) & 3;
  }

  /** scale, 16 bytes as in {@link #q40} of places in a table. */
  static void iq4nl(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 18, to += SMALL) {
      fromTable(half(in, at), in, at + 2, out, to);
    }
  }

  /**
   * scale, 16 bits and then 4 bytes with the upper 2 and the lower 4 bits of a scale per 32
   * elements, 128 bytes as in {@link #iq4nl}.
   */
  static void iq4xs(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 136, to += LARGE) {
      float scale = half(in, at);
      int uppers = u16(in, at + 2);
      for (int part = 0; part < 8; part++) {
        int lower = nibble(in[at + 4 + part / 2], part % 2 * 4);
        int upper = uppers >>> (2 * part) & 3;
        float step = scale * ((lower | (upper << 4)) - 32);
        fromTable(step, in, at + 8 + part * 16, out, to + part * 32);
      }
    }
  }

  private static void fromTable(float scale, byte[] in, int at, float[] out, int to) {
    for (int j = 0; j < SMALL / 2; j++) {
      out[to + j] = scale * NORMAL[low(in[at + j])];
      out[to + j + SMALL / 2] = scale * NORMAL[high(in[at + j])];
    }
  }

  /**
   * Five elements a byte, as digits to the base 3 of a fraction of 256: 32 bytes with 160 elements,
   * 16 with 80, 4 with the last 16; scale. Of each group every digit of all bytes comes in turn.
   */
  static void tq10(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 54, to += LARGE) {
      float scale = half(in, at + 52);
      digits(scale, in, at, 32, 5, out, to);
      digits(scale, in, at + 32, 16, 5, out, to + 160);
      digits(scale, in, at + 48, 4, 4, out, to + 240);
    }
  }

  private static void digits(
      float scale, byte[] in, int at, int bytes, int digits, float[] out, int to) {
    for (int digit = 0, shift = 1; digit < digits; digit++, shift *= 3) {
      for (int j = 0; j < bytes; j++) {
        int fraction = in[at + j] * shift & 255;
        out[to + digit * bytes + j] = scale * (((fraction * 3) >> 8) - 1);
      }
    }
  }

  /** 64 bytes as in {@link #q2k}, scale. */
  static void tq20(byte[] in, int count, float[] out) {
    for (int block = 0, at = 0, to = 0; block < count; block++, at += 66, to += LARGE) {
      float scale = half(in, at + 64);
      for (int element = 0; element < LARGE; element++) {
        out[to + element] = scale * (two(in, at, element) - 1);
      }
    }
  }

  /** The 6-bit scale of a part: four in the first bytes, four spread over the others. */
  private static int scaleOf(byte[] in, int at, int part) {
    return part < 4 ? in[at + part] & 63 : low(in[at + part + 4]) | (in[at + part - 4] >>> 2 & 48);
  }

  /** The 6-bit least value of a part, beside the scales. */
  private static int leastOf(byte[] in, int at, int part) {
    return part < 4 ? in[at + part + 4] & 63 : high(in[at + part + 4]) | (in[at + part] >>> 2 & 48);
  }
}
