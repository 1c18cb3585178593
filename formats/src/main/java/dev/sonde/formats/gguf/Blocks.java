package dev.sonde.formats.gguf;

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

  /** The 6-bit scale of a part: four in the first bytes, four spread over the others. */
  private static int scaleOf(byte[] in, int at, int part) {
    return part < 4 ? in[at + part] & 63 : low(in[at + part + 4]) | (in[at + part - 4] >>> 2 & 48);
  }

  /** The 6-bit least value of a part, beside the scales. */
  private static int leastOf(byte[] in, int at, int part) {
    return part < 4 ? in[at + part + 4] & 63 : high(in[at + part + 4]) | (in[at + part] >>> 2 & 48);
  }

  private static int low(byte two) {
    return nibble(two, 0);
  }

  private static int high(byte two) {
    return nibble(two, 4);
  }

  private static int nibble(byte two, int shift) {
    return two >>> shift & 15;
  }

  private static int bit(int bits, int index) {
    return bits >>> index & 1;
  }

  private static float half(byte[] in, int at) {
    return Float.float16ToFloat((short) u16(in, at));
  }

  private static int u16(byte[] in, int at) {
    return (in[at] & 255) | ((in[at + 1] & 255) << 8);
  }

  private static int i32(byte[] in, int at) {
    return u16(in, at) | (u16(in, at + 2) << 16);
  }
}
