package dev.sonde.statistics;

/** Inner products, and a solution by Gaussian elimination, for tests. */
final class Kernels {
  private Kernels() {}

  static double[][] products(double[][] a, double[][] b) {
    double[][] products = new double[a.length][b.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b.length; j++) {
        for (int c = 0; c < a[i].length; c++) {
          products[i][j] += a[i][c] * b[j][c];
        }
      }
    }
    return products;
  }

  static double[] solve(double[][] matrix, double[] right) {
    int n = right.length;
    double[] x = right.clone();
    for (int i = 0; i < n; i++) {
      for (int row = i + 1; row < n; row++) {
        double factor = matrix[row][i] / matrix[i][i];
        for (int c = i; c < n; c++) {
          matrix[row][c] -= factor * matrix[i][c];
        }
        x[row] -= factor * x[i];
      }
    }
    for (int i = n - 1; i >= 0; i--) {
      for (int c = i + 1; c < n; c++) {
        x[i] -= matrix[i][c] * x[c];
      }
      x[i] /= matrix[i][i];
    }
    return x;
  }
}
