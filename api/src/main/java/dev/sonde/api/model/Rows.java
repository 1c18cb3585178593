package dev.sonde.api.model;

import dev.sonde.api.ApiStatus;
import java.lang.foreign.MemorySegment;
import java.util.stream.LongStream;

/**
 * Rows of one read. All are of one width, but for attention scores and patterns: a query's row is
 * {@code [heads, keys up to and including its own]} and so grows with its place.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Rows {
  private final Read read;
  private final int width;
  private final MemorySegment values;
  private final int[] sequences;
  private final int[] places;
  private final int[] objectives;
  private final long[] offsets;

  private Rows(
      Read read,
      int width,
      MemorySegment values,
      int[] sequences,
      int[] places,
      int[] objectives,
      long[] offsets) {
    this.read = read;
    this.width = width;
    this.values = values;
    this.sequences = sequences;
    this.places = places;
    this.objectives = objectives;
    this.offsets = offsets;
  }

  /**
   * Activations of one width, a row for each of the sequences and places.
   *
   * @param values the rows, one after the other
   */
  public static Rows even(
      Read read, int width, MemorySegment values, int[] sequences, int[] places) {
    long[] offsets = LongStream.rangeClosed(0, sequences.length).map(row -> row * width).toArray();
    return new Rows(read, width, values, sequences, places, new int[0], offsets);
  }

  /**
   * Activations of different widths.
   *
   * @param offsets where each row begins among the values, in numbers, and the end of the last
   */
  public static Rows ragged(
      Read read, MemorySegment values, int[] sequences, int[] places, long[] offsets) {
    return new Rows(read, 0, values, sequences, places, new int[0], offsets);
  }

  /** The same as gradients: per row, which of its sequence's objectives it is of. */
  public Rows ofObjectives(int[] perRow) {
    return new Rows(read, width, values, sequences, places, perRow, offsets);
  }

  /** What was read. */
  public Read read() {
    return read;
  }

  /** Number of rows. */
  public int count() {
    return sequences.length;
  }

  /**
   * Numbers a row: {@code d_model} in the residual stream, 1 for a norm or a log-probability, heads
   * × d_head for heads; 0 where rows differ.
   */
  public int width() {
    return width;
  }

  /**
   * The rows, one after the other, float32 in native byte order, valid until the stream moves on.
   */
  public MemorySegment values() {
    return values;
  }

  /** Per row, the index in the request of its sequence. */
  public int[] sequences() {
    return sequences;
  }

  /**
   * Per row, the token index (no reduction), the span index ({@link Selector#SPANS} with a
   * reduction), the target index (log-probabilities), or 0.
   */
  public int[] places() {
    return places;
  }

  /** Per row, which of its sequence's objectives a gradient is of; empty for activations. */
  public int[] objectives() {
    return objectives;
  }

  /**
   * Where each row begins among the values, in numbers, and the end of the last: {@code count + 1}
   * of them.
   */
  public long[] offsets() {
    return offsets;
  }

  /** One row of any width, in the same memory. */
  public MemorySegment row(int index) {
    long from = offsets[index] * Float.BYTES;
    return values.asSlice(from, offsets[index + 1] * Float.BYTES - from);
  }
}
