package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Scores of items, added up linear by linear.
 *
 * @param values {@code [items, variants * queries]} float32, variant by variant
 * @param squaredNorms {@code [items, 1]} float32: of the items' gradients
 * @param self {@code [items, 1]} float32: what items score for themselves
 * @param similarities {@code [items, queries]} float32: cosines of mean activations
 * @param linears per linear what it adds to the first columns of {@code values}; empty where that
 *     is not asked for
 */
record ScoreSums(
    Matrix values, Matrix squaredNorms, Matrix self, Matrix similarities, List<Matrix> linears) {

  /**
   * No scores yet.
   *
   * @param columns of the scores
   * @param linears how many are told apart
   * @param queries how many there are
   */
  static ScoreSums none(int items, int columns, int linears, int queries) {
    return new ScoreSums(
        FloatMatrices.zeros(items, columns),
        FloatMatrices.zeros(items, 1),
        FloatMatrices.zeros(items, 1),
        FloatMatrices.zeros(items, queries),
        IntStream.range(0, linears).mapToObj(l -> FloatMatrices.zeros(items, queries)).toList());
  }

  /**
   * Adds what a linear contributes to an item.
   *
   * @param row {@code [1, queries]}
   */
  void add(int linear, int item, Matrix row) {
    FloatMatrices.add(values.rows(item, item + 1), row);
    if (!linears.isEmpty()) {
      Matrix own = linears.get(linear).rows(item, item + 1);
      for (int column = 0; column < own.columns(); column++) {
        own.set(0, column, own.get(0, column) + row.get(0, column));
      }
    }
  }

  /** Adds to a column of one number an item. */
  static void add(Matrix column, int item, double more) {
    column.set(item, 0, column.get(item, 0) + more);
  }
}
