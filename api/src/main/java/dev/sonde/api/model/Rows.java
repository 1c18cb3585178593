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
 * @param places per row, the token index (no reduction), the span index ({@link Selector.Kind#EACH}
 *     with a reduction), the target index (log-probabilities), or 0
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
    long[] offsets) {

  /** Rows of one width. */
  public static Rows even(
      Read read, int count, int width, MemorySegment values, int[] sequences, int[] places) {
    long[] offsets = LongStream.rangeClosed(0, count).map(row -> row * width).toArray();
    return new Rows(read, count, width, values, sequences, places, offsets);
  }

  /** One row of any width, in the same memory. */
  public MemorySegment row(int index) {
    long from = offsets[index] * Float.BYTES;
    return values.asSlice(from, offsets[index + 1] * Float.BYTES - from);
  }
}
