package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebra.Form;
import dev.sonde.api.linalg.Matrix;

/** Ridge regression of ±1 in closed form, through the rows' inner products. */
final class Ridge {
  /** The penalty's share of the mean squared length of rows. */
  private static final double SHARE = 0.1;

  private Ridge() {}

  /** Scores of the test rows of a fold; positive ones are those above 0. */
  static double[] scores(Features.Fold fold, boolean[] positive, LinearAlgebra algebra) {
    Matrix train = fold.train();
    Matrix kernel =
        algebra.multiply(train, Form.PLAIN, train, Form.TRANSPOSED).as(Matrix.Type.FLOAT64);
    int rows = train.rows();
    double trace = 0;
    for (int r = 0; r < rows; r++) {
      trace += kernel.get(r, r);
    }
    double penalty = SHARE * Math.max(trace / rows, Double.MIN_NORMAL);
    Matrix signs = Matrix.zeros(Matrix.Type.FLOAT64, rows, 1);
    for (int r = 0; r < rows; r++) {
      kernel.set(r, r, kernel.get(r, r) + penalty);
      signs.set(r, 0, positive[r] ? 1 : -1);
    }
    Matrix weights = algebra.solvePositiveDefinite(kernel, signs);
    Matrix products =
        algebra.multiply(fold.test(), Form.PLAIN, train, Form.TRANSPOSED).as(Matrix.Type.FLOAT64);
    Matrix sums = algebra.multiply(products, weights);
    double[] scores = new double[sums.rows()];
    for (int r = 0; r < scores.length; r++) {
      scores[r] = sums.get(r, 0);
    }
    return scores;
  }
}
