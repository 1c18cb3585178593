package dev.sonde.engine.evaluate.control;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.RidgePath;

/** Features of rows that need no trained model. */
interface RivalFeatures {
  /**
   * Ridge regression on them.
   *
   * @param train the rows that are fitted; weights of features may be learnt of them
   * @param test the rows that are predicted
   * @param targets one per training row
   * @param penalties in units of the mean squared length of centred training rows
   * @return {@code [penalties][test rows]}
   */
  double[][] predict(int[] train, int[] test, double[] targets, double... penalties);

  /** Sparse features, or any of which only products with a vector are known. */
  interface Products extends RivalFeatures {
    /**
     * Some rows.
     *
     * @param rows which
     * @param training the rows of which weights may be learnt
     */
    RidgePath.Rows rows(int[] rows, int[] training);

    @Override
    default double[][] predict(int[] train, int[] test, double[] targets, double... penalties) {
      return RidgePath.predict(rows(train, train), rows(test, train), targets, penalties);
    }
  }

  /**
   * Fixed features, {@code [rows, columns]}, as they are: by the smaller of rows by rows and
   * columns by columns.
   */
  static RivalFeatures of(Matrix features, LinearAlgebra algebra) {
    DenseRidge tall = new DenseRidge(features, algebra);
    return (train, test, targets, penalties) ->
        tall.suits(train.length)
            ? tall.predict(train, test, targets, penalties)
            : wide(features).predict(train, test, targets, penalties);
  }

  private static Products wide(Matrix features) {
    DenseFeatures all = new DenseFeatures(features);
    return (rows, training) -> all.rows(rows);
  }
}
