package dev.sonde.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Float32 numbers, little endian. */
final class FloatBytes {
  private static final ValueLayout.OfFloat LITTLE =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private FloatBytes() {}

  /** Numbers in native order, one run behind the other, as the body of a message. */
  static byte[] body(List<MemorySegment> runs) {
    long bytes = runs.stream().mapToLong(MemorySegment::byteSize).sum();
    if (bytes > Integer.MAX_VALUE - Long.BYTES) {
      throw new WireException(
          "a message of %d bytes is too long; ask with a smaller token budget".formatted(bytes));
    }
    byte[] body = new byte[(int) bytes];
    MemorySegment all = MemorySegment.ofArray(body);
    long at = 0;
    for (MemorySegment run : runs) {
      long count = run.byteSize() / Float.BYTES;
      MemorySegment.copy(run, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, all, LITTLE, at, count);
      at += run.byteSize();
    }
    return body;
  }

  /**
   * Copies numbers of a body.
   *
   * @param from the first of them
   * @param into how many there is room for, in native order
   * @throws WireException if the body has not so many
   */
  static void copy(byte[] body, long from, MemorySegment into) {
    long count = into.byteSize() / Float.BYTES;
    if (from < 0 || (from + count) * Float.BYTES > body.length) {
      throw new WireException(
          "numbers %d to %d of a body that has %d"
              .formatted(from, from + count, body.length / Float.BYTES));
    }
    MemorySegment all = MemorySegment.ofArray(body);
    MemorySegment.copy(
        all, LITTLE, from * Float.BYTES, into, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
  }

  /** Some numbers of a body. */
  static float[] array(byte[] body, long from, int count) {
    float[] values = new float[count];
    copy(body, from, MemorySegment.ofArray(values));
    return values;
  }

  /** Arrays that become one body, those with the same numbers once. */
  static final class Pool {
    private final Map<Numbers, Long> places = new HashMap<>();
    private final List<MemorySegment> runs = new ArrayList<>();
    private long count;

    /** Numbers that are compared by what they are. */
    private record Numbers(float[] values) {
      @Override
      public boolean equals(Object other) {
        return other instanceof Numbers that && Arrays.equals(values, that.values);
      }

      @Override
      public int hashCode() {
        return Arrays.hashCode(values);
      }
    }

    /** Adds numbers; where they stand in the body, {@code [first, after the last]}. */
    List<Object> add(float[] values) {
      long from = places.computeIfAbsent(new Numbers(values), key -> append(values));
      return List.of(from, from + values.length);
    }

    private long append(float[] values) {
      long from = count;
      runs.add(MemorySegment.ofArray(values));
      count += values.length;
      return from;
    }

    byte[] body() {
      return FloatBytes.body(runs);
    }
  }
}
