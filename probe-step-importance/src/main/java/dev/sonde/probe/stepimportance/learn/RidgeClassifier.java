package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.DualRidge;
import java.util.Arrays;

/** Ridge regression of ±1 in closed form, through the rows' inner products. */
final class RidgeClassifier {
  /** The penalty's share of the mean squared length of rows. */
  private static final double SHARE = 0.1;

  private RidgeClassifier() {}

  /** Scores of the test rows of a fold; positive ones are those above 0. */
  static double[] scores(Features.Fold fold, boolean[] positive, LinearAlgebra algebra) {
    double[] signs = new double[positive.length];
    Arrays.setAll(signs, row -> positive[row] ? 1 : -1);
    return DualRidge.predict(
        products(fold.train(), fold.train(), algebra),
        products(fold.test(), fold.train(), algebra),
        signs,
        SHARE,
        (matrix, right) -> solve(matrix, right, algebra));
  }

  private static double[][] products(Matrix rows, Matrix train, LinearAlgebra algebra) {
    Matrix products = algebra.timesTranspose(rows, train);
    double[][] cells = new double[products.rows()][];
    Arrays.setAll(cells, products::row);
    return cells;
  }

  private static double[] solve(double[][] matrix, double[] right, LinearAlgebra algebra) {
    Matrix column = Matrix.zeros(Matrix.Type.FLOAT64, right.length, 1);
    for (int row = 0; row < right.length; row++) {
      column.set(row, 0, right[row]);
    }
    return algebra.solvePositiveDefinite(Matrix.of(Matrix.Type.FLOAT64, matrix), column).column(0);
  }
}
