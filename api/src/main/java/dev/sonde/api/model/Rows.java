package dev.sonde.api.model;

import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;

/**
 * Rows of one read. All are of one width, but for attention scores and patterns: a query's row is
 * {@code [heads, keys up to and including its own]} and so grows with its place.
 *
 * @param read what was read
 * @param count number of rows
 * @param width numbers a row: {@code d_model} in the residual stream, 1 for a norm or a
 *     log-probability, heads × d_head for heads; 0 where rows differ
 * @param values the rows, one after the other, float32 in native byte order, valid until the stream
 *     moves on
 * @param sequences per row, the index of its sequence in the request
 * @param places per row, the token index (no reduction), the span index ({@link Selector#SPANS}
 *     with a reduction), the target index (log-probabilities), or 0
 * @param objectives per row, which of its sequence's objectives a gradient is of; empty for
 *     activations
 * @param offsets where each row begins among the values, in numbers, and the end of the last:
 *     {@code count + 1} of them
 */
public record Rows(
    Read read,
    int count,
    int width,
    MemorySegment values,
    int[] sequences,
    int[] places,
    int[] objectives,
    long[] offsets) {

  /** Activations of one width. */
  public static Rows even(
      Read read, int count, int width, MemorySegment values, int[] sequences, int[] places) {
    return new Rows(
        read, count, width, values, sequences, places, new int[0], evenOffsets(count, width));
  }

  /** Where rows of one width begin. */
  public static long[] evenOffsets(int count, int width) {
    return LongStream.rangeClosed(0, count).map(row -> row * width).toArray();
  }

  /** One row of any width, in the same memory. */
  public MemorySegment row(int index) {
    long from = offsets[index] * Float.BYTES;
    return values.asSlice(from, offsets[index + 1] * Float.BYTES - from);
  }
}
