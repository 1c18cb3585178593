package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;

/**
 * The covariance {@code T = XcᵀXc / n} of n rows around their mean. Its shrunk inverses are applied
 * to many right sides by one Cholesky factorisation, which is of the smaller side: {@code [columns,
 * columns]}, or {@code [rows, rows]} where rows are fewer than columns.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public final class Covariance {
  private final LinearAlgebra algebra;
  private final double[] mean;
  private final int rows;
  private final Matrix centred;
  private final Matrix products;
  private final double trace;
  private final boolean wide;

  private Covariance(LinearAlgebra algebra, double[] mean, Matrix centred) {
    this.algebra = algebra;
    this.mean = mean;
    this.rows = centred.rows();
    this.wide = centred.columns() > rows;
    // Where rows are many their products are all that is needed: they are not kept.
    this.centred = wide ? centred : Matrix.zeros(Matrix.Type.FLOAT64, 0, centred.columns());
    this.products =
        wide ? algebra.timesTranspose(centred, centred) : algebra.crossProducts(centred);
    double sum = 0;
    for (int i = 0; i < products.rows(); i++) {
      sum += products.get(i, i);
    }
    this.trace = sum / rows;
  }

  /**
   * The covariance of the rows of a matrix.
   *
   * @param rows {@code [rows, columns]}, at least one row
   */
  public static Covariance of(Matrix rows, LinearAlgebra algebra) {
    double[] mean = new double[rows.columns()];
    for (int row = 0; row < rows.rows(); row++) {
      double[] values = rows.row(row);
      for (int c = 0; c < mean.length; c++) {
        mean[c] += values[c] / rows.rows();
      }
    }
    Matrix centred = Matrix.zeros(Matrix.Type.FLOAT64, rows.rows(), rows.columns());
    for (int row = 0; row < rows.rows(); row++) {
      double[] values = rows.row(row);
      for (int c = 0; c < mean.length; c++) {
        values[c] -= mean[c];
      }
      centred.setRow(row, values);
    }
    return new Covariance(algebra, mean, centred);
  }

  /** The mean of the rows, {@code [columns]}. */
  public double[] mean() {
    return mean.clone();
  }

  /** The sum of the variances of all features. */
  public double trace() {
    return trace;
  }

  /** The mean variance of a feature: what shrinkage is measured in. */
  public double meanVariance() {
    return trace / mean.length;
  }

  /** The product {@code T v}. */
  public double[] times(double[] v) {
    Matrix column = Matrix.zeros(Matrix.Type.FLOAT64, v.length, 1);
    for (int c = 0; c < v.length; c++) {
      column.set(c, 0, v[c]);
    }
    Matrix product =
        wide
            ? algebra.transposeTimes(centred, algebra.multiply(centred, column))
            : algebra.multiply(products, column);
    double[] values = new double[v.length];
    for (int c = 0; c < v.length; c++) {
      values[c] = product.get(c, 0) / rows;
    }
    return values;
  }

  /**
   * The vectors {@code (scale · T + shift · I)⁻¹ δ} for slopes δ of the same rows.
   *
   * <p>In wide form, {@code δ = Xcᵀc} gives {@code Xcᵀ (scale · XcXcᵀ / n + shift · I)⁻¹ c}.
   *
   * @param shift above 0
   * @return {@code [columns, labelings]} float64; 0 where all rows are alike
   */
  public Matrix solve(double scale, double shift, Slopes slopes) {
    if (trace == 0) {
      return Matrix.zeros(Matrix.Type.FLOAT64, mean.length, slopes.labelings());
    }
    Matrix shrunk = Matrix.zeros(Matrix.Type.FLOAT64, products.rows(), products.columns());
    double each = scale / rows;
    for (int i = 0; i < shrunk.rows(); i++) {
      double[] values = products.row(i);
      for (int j = 0; j < values.length; j++) {
        values[j] *= each;
      }
      values[i] += shift;
      shrunk.setRow(i, values);
    }
    return wide
        ? algebra.transposeTimes(
            centred,
            algebra.solvePositiveDefinite(shrunk, slopes.coefficients().as(Matrix.Type.FLOAT64)))
        : algebra.solvePositiveDefinite(shrunk, slopes.slopes());
  }
}
