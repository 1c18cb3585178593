package dev.sonde.probe.influence.read;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;

/**
 * What one linear took over some whole items, and the gradients of what it gave; row by row the
 * same token.
 *
 * @param linear the index of the linear
 * @param inputs {@code [tokens, in]} float32
 * @param gradients {@code [tokens, out]} float32
 * @param items the index of each item
 * @param starts the first row of each item, and behind the last the number of rows
 */
public record GradientRows(int linear, Matrix inputs, Matrix gradients, int[] items, int[] starts) {

  /** Number of items. */
  public int count() {
    return items.length;
  }

  /** The same in memory of its own, which outlives the pass. */
  public GradientRows copy() {
    return new GradientRows(
        linear, FloatMatrices.copy(inputs), FloatMatrices.copy(gradients), items, starts);
  }

  /** An item's gradient of the weights, {@code [out, in]}: the sum over its tokens. */
  public Matrix gradient(int place, LinearAlgebra algebra) {
    return algebra.transposeTimes(
        gradients.rows(starts[place], starts[place + 1]),
        inputs.rows(starts[place], starts[place + 1]));
  }
}
