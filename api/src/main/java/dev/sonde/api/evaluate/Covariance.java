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
  /** Rows of which the products are added up at once. */
  private static final int CHUNK = 8192;

  private final LinearAlgebra algebra;
  private final double[] mean;
  private final int rows;
  private final Matrix centred;
  private final Matrix products;
  private final double trace;
  private final boolean wide;

  private Covariance(
      LinearAlgebra algebra, double[] mean, int rows, Matrix centred, Matrix products) {
    this.algebra = algebra;
    this.mean = mean;
    this.rows = rows;
    this.wide = mean.length > rows;
    this.centred = centred;
    this.products = products;
    double sum = 0;
    for (int i = 0; i < products.rows(); i++) {
      sum += products.get(i, i);
    }
    this.trace = sum / rows;
  }

  /**
   * The covariance of the rows of a matrix. Where rows are more than columns they are looked at
   * some thousands at a time and not kept.
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
    if (rows.columns() > rows.rows()) {
      Matrix centred = centred(rows, mean);
      Matrix products = algebra.timesTranspose(centred, centred);
      return new Covariance(algebra, mean, rows.rows(), centred, products);
    }
    Matrix none = Matrix.zeros(Matrix.Type.FLOAT64, 0, rows.columns());
    return new Covariance(algebra, mean, rows.rows(), none, crossProducts(rows, mean, algebra));
  }

  /**
   * The covariance of rows of which the sums of products are known already.
   *
   * @param mean of the rows
   * @param rows how many there are, as many as columns at least
   * @param products {@code XcᵀXc}, {@code [columns, columns]} float64, around the mean
   * @throws IllegalArgumentException if rows are fewer than columns
   */
  public static Covariance ofProducts(
      double[] mean, int rows, Matrix products, LinearAlgebra algebra) {
    if (rows < mean.length) {
      throw new IllegalArgumentException(
          "%d rows are fewer than %d columns".formatted(rows, mean.length));
    }
    Matrix none = Matrix.zeros(Matrix.Type.FLOAT64, 0, mean.length);
    return new Covariance(algebra, mean.clone(), rows, none, products);
  }

  private static Matrix crossProducts(Matrix rows, double[] mean, LinearAlgebra algebra) {
    if (rows.rows() <= CHUNK) {
      return algebra.crossProducts(centred(rows, mean));
    }
    double[][] sum = new double[mean.length][mean.length];
    for (int from = 0; from < rows.rows(); from += CHUNK) {
      int to = Math.min(from + CHUNK, rows.rows());
      Matrix some = algebra.crossProducts(centred(rows.rows(from, to), mean));
      for (int i = 0; i < sum.length; i++) {
        double[] values = some.row(i);
        for (int j = 0; j < values.length; j++) {
          sum[i][j] += values[j];
        }
      }
    }
    return Matrix.of(Matrix.Type.FLOAT64, sum);
  }

  private static Matrix centred(Matrix rows, double[] mean) {
    Matrix centred = Matrix.zeros(Matrix.Type.FLOAT64, rows.rows(), rows.columns());
    for (int row = 0; row < rows.rows(); row++) {
      double[] values = rows.row(row);
      for (int c = 0; c < mean.length; c++) {
        values[c] -= mean[c];
      }
      centred.setRow(row, values);
    }
    return centred;
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
