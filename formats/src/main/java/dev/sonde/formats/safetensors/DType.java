package dev.sonde.formats.safetensors;

/** Number types of the format. */
public enum DType {
  /** 8-byte IEEE number. */
  F64(8),
  /** 4-byte IEEE number. */
  F32(4),
  /** 2-byte IEEE number. */
  F16(2),
  /** The upper half of a 4-byte IEEE number. */
  BF16(2),
  /** 8-byte integer. */
  I64(8),
  /** 4-byte integer. */
  I32(4),
  /** 2-byte integer. */
  I16(2),
  /** 1-byte integer. */
  I8(1),
  /** 1-byte unsigned integer. */
  U8(1),
  /** 8-byte unsigned integer. */
  U64(8),
  /** 4-byte unsigned integer. */
  U32(4),
  /** 2-byte unsigned integer. */
  U16(2),
  /** 1-byte number of 4 exponent and 3 mantissa bits, without infinities. */
  F8_E4M3(1),
  /** 1-byte number of 5 exponent and 2 mantissa bits. */
  F8_E5M2(1),
  /** 1-byte boolean. */
  BOOL(1);

  private final int bytes;

  DType(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number. */
  public int bytes() {
    return bytes;
  }

  /** Whether it holds real numbers. */
  public boolean isReal() {
    return this == F64 || this == F32 || this == F16 || this == BF16 || isEighth();
  }

  /** Whether it holds real numbers of eight bits. */
  public boolean isEighth() {
    return this == F8_E4M3 || this == F8_E5M2;
  }
}
