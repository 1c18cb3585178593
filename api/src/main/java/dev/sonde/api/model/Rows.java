package dev.sonde.api.model;

import java.lang.foreign.MemorySegment;

/**
 * Rows of one read, all of one width.
 *
 * @param read what was read
 * @param count number of rows
 * @param width numbers a row: {@code d_model} in the residual stream, 1 for a norm or a
 *     log-probability, heads × d_head for heads
 * @param values {@code [count, width]} float32 in native byte order, valid until the stream moves
 *     on
 * @param sequences per row, the index of its sequence in the request
 * @param places per row, the token index (no reduction), the span index ({@link Selector.Kind#EACH}
 *     with a reduction), the target index (log-probabilities), or 0
 */
public record Rows(
    Read read, int count, int width, MemorySegment values, int[] sequences, int[] places) {}
