package dev.sonde.probe.influence;

import dev.sonde.api.linalg.Matrix;

/**
 * Scores of items, added up linear by linear.
 *
 * @param values {@code [items, queries]} float32
 * @param squaredNorms {@code [items, 1]} float32: of the items' gradients
 */
record Scores(Matrix values, Matrix squaredNorms) {
  static Scores none(int items, int queries) {
    return new Scores(Cells.zeros(items, queries), Cells.zeros(items, 1));
  }
}
