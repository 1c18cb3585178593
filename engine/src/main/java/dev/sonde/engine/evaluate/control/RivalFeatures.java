package dev.sonde.engine.evaluate.control;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.RidgePath;

/** Features of rows that need no trained model. */
interface RivalFeatures {
  /**
   * Some rows.
   *
   * @param rows which
   * @param training the rows of which weights may be learnt
   */
  RidgePath.Rows rows(int[] rows, int[] training);

  /** Fixed features, {@code [rows, columns]}, as they are. */
  static RivalFeatures of(Matrix features) {
    DenseFeatures all = new DenseFeatures(features);
    return (rows, training) -> all.rows(rows);
  }
}
