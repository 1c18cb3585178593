package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.linalg.Matrix;

/** Features of labelled steps, made anew for each fold so that they never see held-out rows. */
@FunctionalInterface
public interface Features {
  /**
   * Training and test rows.
   *
   * @param train indices of steps
   * @param test indices of other steps
   */
  Fold of(int[] train, int[] test);

  /**
   * The rows of a fold, float32.
   *
   * @param train {@code [train, features]}
   * @param test {@code [test, features]}
   */
  record Fold(Matrix train, Matrix test) {}

  /** Rows that are given, each feature brought to mean 0 and deviation 1 on the training rows. */
  static Features standardised(Matrix rows) {
    return (train, test) -> {
      Matrix fitted = Network.gather(rows, train);
      Matrix held = Network.gather(rows, test);
      for (int c = 0; c < rows.columns(); c++) {
        double mean = 0;
        for (int r = 0; r < fitted.rows(); r++) {
          mean += fitted.get(r, c) / fitted.rows();
        }
        double variance = 0;
        for (int r = 0; r < fitted.rows(); r++) {
          variance += Math.pow(fitted.get(r, c) - mean, 2) / fitted.rows();
        }
        double deviation = variance > 0 ? Math.sqrt(variance) : 1;
        scale(fitted, c, mean, deviation);
        scale(held, c, mean, deviation);
      }
      return new Fold(fitted, held);
    };
  }

  private static void scale(Matrix rows, int column, double mean, double deviation) {
    for (int r = 0; r < rows.rows(); r++) {
      rows.set(r, column, (rows.get(r, column) - mean) / deviation);
    }
  }
}
