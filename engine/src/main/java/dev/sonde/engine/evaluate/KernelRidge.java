package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;

/**
 * Ridge regression on the labels in its dual form: everything it needs of the rows is the matrix of
 * their inner products. The engine's own decoder, for baselines.
 */
final class KernelRidge {
  private KernelRidge() {}

  /**
   * Scores of the test rows of a split.
   *
   * <p>With centred targets y and the centred training kernel K, the coefficients are {@code (K + λ
   * I)⁻¹ y}; a test row scores the coefficients times its centred inner products with the training
   * rows.
   *
   * @param kernel inner products of all rows, {@code [rows, rows]} float64
   * @param penalty λ in units of the mean of K's diagonal
   */
  static double[] scores(
      Matrix kernel, Split split, Targets targets, double penalty, LinearAlgebra algebra) {
    int n = split.train().length;
    double[][] products = new double[n][n];
    double[] means = new double[n];
    double grandMean = 0;
    for (int i = 0; i < n; i++) {
      double[] row = kernel.row(split.train()[i]);
      for (int j = 0; j < n; j++) {
        products[i][j] = row[split.train()[j]];
        means[i] += products[i][j] / n;
      }
      grandMean += means[i] / n;
    }
    double trace = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        products[i][j] += grandMean - means[i] - means[j];
      }
      trace += products[i][i];
    }
    double[] scores = new double[split.test().length];
    if (trace <= 0) {
      return scores; // constant features: nothing to tell rows apart by
    }
    for (int i = 0; i < n; i++) {
      products[i][i] += penalty * trace / n;
    }
    double[] coefficients =
        algebra
            .solvePositiveDefinite(
                Matrix.of(Matrix.Type.FLOAT64, products), centredTargets(split.train(), targets))
            .column(0);
    for (int t = 0; t < scores.length; t++) {
      double[] row = kernel.row(split.test()[t]);
      for (int j = 0; j < n; j++) {
        scores[t] += (row[split.train()[j]] - means[j]) * coefficients[j];
      }
    }
    return scores;
  }

  private static Matrix centredTargets(int[] rows, Targets targets) {
    double mean = 0;
    for (int row : rows) {
      mean += targets.value(row) / rows.length;
    }
    Matrix centred = Matrix.zeros(Matrix.Type.FLOAT64, rows.length, 1);
    for (int i = 0; i < rows.length; i++) {
      centred.set(i, 0, targets.value(rows[i]) - mean);
    }
    return centred;
  }
}
