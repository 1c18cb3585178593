package dev.sonde.probe.linear;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebra.SymmetricEigen;
import dev.sonde.api.linalg.Matrix;

/**
 * The principal axes of some rows: an orthonormal basis of what the rows span around their mean.
 * From it every shrunk or truncated inverse of their covariance is a scaling per axis, so that many
 * closed forms share one decomposition.
 *
 * @param mean the rows' mean, {@code [columns]}
 * @param variances mean squared coordinate along each axis, descending, all positive
 * @param axes {@code [columns, k]} float64, one axis per column; {@code k} is the number of
 *     variances, less than the number of rows, and 0 where all rows are alike
 */
record PrincipalAxes(double[] mean, double[] variances, Matrix axes) {
  /** Axes with less than this share of the largest variance are rounding of float32 rows. */
  private static final double NOISE = 1e-12;

  /**
   * The principal axes of the rows of a matrix, by the smaller of covariance and inner products.
   *
   * @param rows {@code [rows, columns]}, at least one row
   */
  static PrincipalAxes of(Matrix rows, LinearAlgebra algebra) {
    double[] mean = mean(rows);
    Matrix centred = Matrix.zeros(Matrix.Type.FLOAT64, rows.rows(), rows.columns());
    for (int row = 0; row < rows.rows(); row++) {
      for (int c = 0; c < mean.length; c++) {
        centred.set(row, c, rows.get(row, c) - mean[c]);
      }
    }
    boolean wide = rows.columns() > rows.rows();
    SymmetricEigen eigen =
        algebra.symmetricEigen(
            wide ? algebra.timesTranspose(centred, centred) : algebra.crossProducts(centred));
    double[] variances = descendingVariances(eigen.values(), rows.rows());
    if (variances.length == 0) {
      return new PrincipalAxes(mean, variances, Matrix.zeros(Matrix.Type.FLOAT64, mean.length, 0));
    }
    Matrix largest = largest(eigen.vectors(), variances.length);
    Matrix axes = wide ? algebra.transposeTimes(centred, largest) : largest;
    if (wide) {
      toUnitLength(axes, variances, rows.rows());
    }
    return new PrincipalAxes(mean, variances, axes);
  }

  private static double[] mean(Matrix rows) {
    double[] mean = new double[rows.columns()];
    for (int row = 0; row < rows.rows(); row++) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += rows.get(row, c) / rows.rows();
      }
    }
    return mean;
  }

  private static double[] descendingVariances(double[] ascending, int rows) {
    double floor = Math.max(0, ascending[ascending.length - 1]) * NOISE;
    int kept = 0;
    while (kept < ascending.length && ascending[ascending.length - 1 - kept] > floor) {
      kept++;
    }
    double[] variances = new double[Math.min(kept, rows - 1)];
    for (int axis = 0; axis < variances.length; axis++) {
      variances[axis] = ascending[ascending.length - 1 - axis] / rows;
    }
    return variances;
  }

  /** The last columns, the last one first. */
  private static Matrix largest(Matrix vectors, int count) {
    Matrix chosen = Matrix.zeros(Matrix.Type.FLOAT64, vectors.rows(), count);
    for (int row = 0; row < vectors.rows(); row++) {
      for (int axis = 0; axis < count; axis++) {
        chosen.set(row, axis, vectors.get(row, vectors.columns() - 1 - axis));
      }
    }
    return chosen;
  }

  /** The images {@code Xᵀu} of unit vectors have the length {@code √(rows · variance)}. */
  private static void toUnitLength(Matrix axes, double[] variances, int rows) {
    for (int axis = 0; axis < variances.length; axis++) {
      double length = Math.sqrt(rows * variances[axis]);
      for (int c = 0; c < axes.rows(); c++) {
        axes.set(c, axis, axes.get(c, axis) / length);
      }
    }
  }

  /** A copy of one axis, {@code [columns]}. */
  double[] axis(int index) {
    return axes.column(index);
  }
}
