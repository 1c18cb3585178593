package dev.sonde.formats.gguf;

/** Numbers of some bits, least significant byte first. */
final class Bits {
  private Bits() {}

  static int low(byte two) {
    return nibble(two, 0);
  }

  static int high(byte two) {
    return nibble(two, 4);
  }

  static int nibble(byte two, int shift) {
    return two >>> shift & 15;
  }

  static int bit(int bits, int index) {
    return bits >>> index & 1;
  }

  static float half(byte[] in, int at) {
    return Float.float16ToFloat((short) u16(in, at));
  }

  static int u16(byte[] in, int at) {
    return (in[at] & 255) | ((in[at + 1] & 255) << 8);
  }

  static int i32(byte[] in, int at) {
    return u16(in, at) | (u16(in, at + 2) << 16);
  }
}
