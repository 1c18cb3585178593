package dev.sonde.formats;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** A stored tensor of real numbers, however its file stores them. */
public interface Weight {
  /** Its key. */
  String name();

  /** Its sizes, outermost first. */
  List<Long> shape();

  /** Number of elements. */
  default long count() {
    return shape().stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }

  /**
   * Copies elements as float32 numbers in native byte order.
   *
   * @param from the first element, counted in row-major order
   * @param target at least {@code 4 · count} bytes, 4-byte aligned
   * @throws UnsupportedOperationException if it holds integers
   */
  void copyFloats(long from, MemorySegment target, long count);

  /**
   * The numbers themselves, where the file stores them as aligned float32 in native byte order, so
   * that they need no copy.
   */
  default Optional<MemorySegment> float32() {
    return Optional.empty();
  }
}
