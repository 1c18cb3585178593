package dev.sonde.formats.gguf;

import java.util.Arrays;
import java.util.Optional;

/**
 * How a tensor's numbers are stored: blocks of some numbers that share their scales. Identifiers
 * and block sizes are those of the GGUF specification.
 */
public enum GgufType {
  /** 4-byte IEEE number. */
  F32(0, 1, 4),
  /** 2-byte IEEE number. */
  F16(1, 1, 2),
  /** 4 bits and a scale per 32 numbers. */
  Q4_0(2, 32, 18),
  /** 4 bits, a scale and a least value per 32 numbers. */
  Q4_1(3, 32, 20),
  /** 5 bits and a scale per 32 numbers. */
  Q5_0(6, 32, 22),
  /** 5 bits, a scale and a least value per 32 numbers. */
  Q5_1(7, 32, 24),
  /** 8 bits and a scale per 32 numbers. */
  Q8_0(8, 32, 34),
  /** Not read. */
  Q8_1(9, 32, 40),
  /** 2 bits per number; 4-bit scales and least values per 16, under a scale per 256 numbers. */
  Q2_K(10, 256, 84),
  /** 3 bits per number; 6-bit scales per 16, under a scale per 256 numbers. */
  Q3_K(11, 256, 110),
  /** 4 bits per number; 6-bit scales and least values per 32, under a scale per 256 numbers. */
  Q4_K(12, 256, 144),
  /** 5 bits per number; 6-bit scales and least values per 32, under a scale per 256 numbers. */
  Q5_K(13, 256, 176),
  /** 6 bits per number; 8-bit scales per 16, under a scale per 256 numbers. */
  Q6_K(14, 256, 210),
  /** Not read. */
  Q8_K(15, 256, 292),
  /** Points of a grid for 8 numbers; scales per 32, under a scale per 256 numbers. */
  IQ2_XXS(16, 256, 66),
  /** Points of a larger grid for 8 numbers; scales per 16, under a scale per 256 numbers. */
  IQ2_XS(17, 256, 74),
  /** Points of a grid for 4 numbers; scales per 32, under a scale per 256 numbers. */
  IQ3_XXS(18, 256, 98),
  /**
   * Points of a grid of three values for 8 numbers; scales per 32, under a scale per 256 numbers.
   */
  IQ1_S(19, 256, 50),
  /** Places in a table of 16 values, and a scale per 32 numbers. */
  IQ4_NL(20, 32, 18),
  /** Points of a larger grid for 4 numbers; scales per 32, under a scale per 256 numbers. */
  IQ3_S(21, 256, 110),
  /** Points of a still larger grid for 8 numbers; scales per 16, under a scale per 256 numbers. */
  IQ2_S(22, 256, 82),
  /** Places in a table of 16 values; 6-bit scales per 32, under a scale per 256 numbers. */
  IQ4_XS(23, 256, 136),
  /** 1-byte integer. */
  I8(24, 1, 1),
  /** 2-byte integer. */
  I16(25, 1, 2),
  /** 4-byte integer. */
  I32(26, 1, 4),
  /** 8-byte integer. */
  I64(27, 1, 8),
  /** 8-byte IEEE number. */
  F64(28, 1, 8),
  /**
   * Points of a grid of three values for 8 numbers; scales per 16, under a scale per 256 numbers.
   */
  IQ1_M(29, 256, 56),
  /** The upper half of a 4-byte IEEE number. */
  BF16(30, 1, 2),
  /** One of three values per number, five in a byte, and a scale per 256 numbers. */
  TQ1_0(34, 256, 54),
  /** One of three values per number, four in a byte, and a scale per 256 numbers. */
  TQ2_0(35, 256, 66),
  /** 4-bit floating point with a power of two per 32 numbers (OCP microscaling, MXFP4). */
  MXFP4(39, 32, 17),
  /** Not read. */
  NVFP4(40, 64, 36),
  /** Not read. */
  Q1_0(41, 128, 18);

  private final int id;
  private final int elements;
  private final int bytes;

  GgufType(int id, int elements, int bytes) {
    this.id = id;
    this.elements = elements;
    this.bytes = bytes;
  }

  /** The type with a number in a file, if the specification knows it. */
  static Optional<GgufType> of(int id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /** Its number in a file. */
  int id() {
    return id;
  }

  /** Numbers in a block. */
  public int blockElements() {
    return elements;
  }

  /** Bytes of a block. */
  public int blockBytes() {
    return bytes;
  }

  /** Whether it holds integers, which are no weights. */
  public boolean integer() {
    return switch (this) {
      case I8, I16, I32, I64 -> true;
      default -> false;
    };
  }
}
