package dev.sonde.statistics;

import java.util.Arrays;

/**
 * Ridge regression in its dual form: everything it needs of the rows is their inner products. The
 * mean of the targets and of every feature are taken out, so that there is an intercept without
 * penalty.
 */
public final class DualRidge {
  private DualRidge() {}

  /** Solves {@code A x = b} for a symmetric positive definite A. */
  @FunctionalInterface
  public interface Solver {
    /**
     * The solution.
     *
     * @param matrix {@code [n][n]}
     * @param right {@code [n]}
     */
    double[] solve(double[][] matrix, double[] right);
  }

  /**
   * Predictions for test rows.
   *
   * <p>With centred targets y and the centred training kernel K, the coefficients are {@code (K + λ
   * I)⁻¹ y}; a test row is predicted the targets' mean plus the coefficients times its centred
   * inner products with the training rows.
   *
   * @param train inner products of training rows, {@code [n][n]}; overwritten
   * @param test inner products of test rows with training rows, {@code [tests][n]}
   * @param targets of the training rows
   * @param penalty λ in units of the mean of K's diagonal, the mean squared length of centred rows
   * @return one per test row; the targets' mean for all where training rows are all alike
   */
  public static double[] predict(
      double[][] train, double[][] test, double[] targets, double penalty, Solver solver) {
    int n = train.length;
    double[] means = centre(train);
    double trace = 0;
    for (int i = 0; i < n; i++) {
      trace += train[i][i];
    }
    double meanTarget = 0;
    for (double target : targets) {
      meanTarget += target / n;
    }
    double[] predictions = new double[test.length];
    if (trace <= 0) {
      Arrays.fill(predictions, meanTarget);
      return predictions;
    }
    double[] centred = new double[n];
    for (int i = 0; i < n; i++) {
      train[i][i] += penalty * trace / n;
      centred[i] = targets[i] - meanTarget;
    }
    double[] coefficients = solver.solve(train, centred);
    for (int t = 0; t < test.length; t++) {
      for (int j = 0; j < n; j++) {
        predictions[t] += (test[t][j] - means[j]) * coefficients[j];
      }
      predictions[t] += meanTarget;
    }
    return predictions;
  }

  /** Centres a kernel in place; gives the means of its rows. */
  private static double[] centre(double[][] kernel) {
    int n = kernel.length;
    double[] means = new double[n];
    double grandMean = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        means[i] += kernel[i][j] / n;
      }
      grandMean += means[i] / n;
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        kernel[i][j] += grandMean - means[i] - means[j];
      }
    }
    return means;
  }
}
