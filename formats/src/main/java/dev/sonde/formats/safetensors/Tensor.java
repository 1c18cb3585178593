package dev.sonde.formats.safetensors;

import dev.sonde.formats.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of a file.
 *
 * @param name its key
 * @param dtype its number type
 * @param shape its sizes, outermost first
 * @param data its numbers, little-endian, without padding
 */
public record Tensor(String name, DType dtype, List<Long> shape, MemorySegment data)
    implements Weight {
  private static final ValueLayout.OfFloat F32 =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfDouble F64 =
      ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort I16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** A tensor with its shape copied. */
  public Tensor {
    shape = List.copyOf(shape);
  }

  /** A float32 tensor over existing memory. */
  public static Tensor float32(String name, MemorySegment data, long... shape) {
    return new Tensor(name, DType.F32, Arrays.stream(shape).boxed().toList(), data);
  }

  /**
   * One element of a floating-point tensor as a float32 number.
   *
   * @throws UnsupportedOperationException for integer tensors
   */
  public float floatAt(long index) {
    return switch (dtype) {
      case F32 -> data.get(F32, index * Float.BYTES);
      case F64 -> (float) data.get(F64, index * Double.BYTES);
      case F16 -> Float.float16ToFloat(data.get(I16, index * Short.BYTES));
      case BF16 -> Float.intBitsToFloat(data.get(I16, index * Short.BYTES) << 16);
      case F8_E4M3 -> fourThree(data.get(ValueLayout.JAVA_BYTE, index));
      // the upper half of a 2-byte number
      case F8_E5M2 -> Float.float16ToFloat((short) (data.get(ValueLayout.JAVA_BYTE, index) << 8));
      default -> throw new UnsupportedOperationException(name + " holds integers (" + dtype + ")");
    };
  }

  /** Exponents are 7 too high; all bits set is no number. */
  private static float fourThree(byte bits) {
    int exponent = bits >> 3 & 15;
    int mantissa = bits & 7;
    float size;
    if (exponent == 15 && mantissa == 7) {
      size = Float.NaN;
    } else if (exponent == 0) {
      size = Math.scalb((float) mantissa, -9);
    } else {
      size = Math.scalb(8f + mantissa, exponent - 10);
    }
    return bits < 0 ? -size : size;
  }

  @Override
  public Optional<MemorySegment> float32() {
    boolean ready =
        dtype == DType.F32
            && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            && data.address() % Float.BYTES == 0;
    return ready ? Optional.of(data) : Optional.empty();
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    if (dtype == DType.F32 && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
      MemorySegment.copy(data, from * Float.BYTES, target, 0, count * Float.BYTES);
      return;
    }
    for (long i = 0; i < count; i++) {
      target.setAtIndex(ValueLayout.JAVA_FLOAT, i, floatAt(from + i));
    }
  }
}
