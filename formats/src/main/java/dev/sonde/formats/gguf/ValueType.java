package dev.sonde.formats.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;

/** Types of metadata values, with their numbers in the GGUF specification. */
public enum ValueType {
  /** Unsigned, 8 bits. */
  UINT8(0, 1),
  /** Signed, 8 bits. */
  INT8(1, 1),
  /** Unsigned, 16 bits. */
  UINT16(2, 2),
  /** Signed, 16 bits. */
  INT16(3, 2),
  /** Unsigned, 32 bits. */
  UINT32(4, 4),
  /** Signed, 32 bits. */
  INT32(5, 4),
  /** A real number of 32 bits. */
  FLOAT32(6, 4),
  /** True or false, one byte. */
  BOOL(7, 1),
  /** UTF-8 behind its length in bytes. */
  STRING(8, Long.BYTES),
  /** Values of one type behind that type and their number. */
  ARRAY(9, Integer.BYTES + Long.BYTES),
  /** Unsigned, 64 bits. */
  UINT64(10, 8),
  /** Signed, 64 bits. */
  INT64(11, 8),
  /** A real number of 64 bits. */
  FLOAT64(12, 8);

  private final int id;
  private final int bytes;

  ValueType(int id, int bytes) {
    this.id = id;
    this.bytes = bytes;
  }

  /** The type with a number in a file, if there is one. */
  static Optional<ValueType> of(int id) {
    return Arrays.stream(values()).filter(type -> type.id == id).findFirst();
  }

  /** Its number in a file. */
  int id() {
    return id;
  }

  /**
   * The value that a text stands for, as {@link #scalar} gives it.
   *
   * @throws IllegalArgumentException if it stands for none of this type
   */
  public Object parse(String text) {
    return switch (this) {
      case STRING -> text;
      case BOOL -> Boolean.parseBoolean(text);
      case FLOAT32 -> Float.parseFloat(text);
      case FLOAT64 -> Double.parseDouble(text);
      case UINT64 -> unsigned(Long.parseUnsignedLong(text));
      case ARRAY -> throw new IllegalArgumentException(this + " is no scalar");
      default -> Long.parseLong(text);
    };
  }

  /** Bytes of one value; of a STRING or ARRAY the bytes of an empty one. */
  int bytes() {
    return bytes;
  }

  /**
   * The value at an offset: a {@link Long} (a {@link BigInteger} where it needs 64 bits and no
   * sign), {@link Float}, {@link Double} or {@link Boolean}.
   */
  Object scalar(MemorySegment file, long at) {
    return switch (this) {
      case UINT8 -> (long) Byte.toUnsignedInt(file.get(ValueLayout.JAVA_BYTE, at));
      case INT8 -> (long) file.get(ValueLayout.JAVA_BYTE, at);
      case UINT16 -> (long) Short.toUnsignedInt(file.get(LittleEndian.I16, at));
      case INT16 -> (long) file.get(LittleEndian.I16, at);
      case UINT32 -> Integer.toUnsignedLong(file.get(LittleEndian.I32, at));
      case INT32 -> (long) file.get(LittleEndian.I32, at);
      case FLOAT32 -> Float.intBitsToFloat(file.get(LittleEndian.I32, at));
      case BOOL -> file.get(ValueLayout.JAVA_BYTE, at) != 0;
      case UINT64 -> unsigned(file.get(LittleEndian.I64, at));
      case INT64 -> file.get(LittleEndian.I64, at);
      case FLOAT64 -> Double.longBitsToDouble(file.get(LittleEndian.I64, at));
      case STRING, ARRAY -> throw new IllegalArgumentException(this + " is no scalar");
    };
  }

  private static Object unsigned(long bits) {
    return bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
  }
}
