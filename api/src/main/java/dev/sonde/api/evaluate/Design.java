package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.List;

/**
 * The feature rows X of a fold, {@code [rows, columns]}: an index set on a matrix that all folds
 * share. Decoders work through its products, so that the engine decides how rows are laid out.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Design {
  /** Number of rows. */
  int rows();

  /** Number of features. */
  int columns();

  /** Copies one row into the array. */
  void copyRow(int row, double[] into);

  /** The product {@code X w}, {@code [rows, k]}, of float32 weights {@code [columns, k]}. */
  Matrix times(Matrix weights);

  /**
   * The product {@code Xᵀ c}, {@code [columns, k]}, of float32 coefficients {@code [rows, k]}. With
   * class means as coefficients, one call gives the differences of means of many labelings.
   */
  Matrix transposeTimes(Matrix coefficients);

  /** The linear algebra of the run. */
  LinearAlgebra linearAlgebra();

  /** The slopes of the rows on many labelings; the engine computes them once for all decoders. */
  default Slopes slopes(List<Targets> many) {
    return Slopes.of(this, many);
  }

  /** The covariance of the rows; the engine computes it once for all decoders and labelings. */
  default Covariance covariance() {
    Matrix copy = Matrix.zeros(Matrix.Type.FLOAT64, rows(), columns());
    double[] values = new double[columns()];
    for (int row = 0; row < rows(); row++) {
      copyRow(row, values);
      copy.setRow(row, values);
    }
    return Covariance.of(copy, linearAlgebra());
  }

  /** The rows with every feature on one scale; the engine computes them once for all decoders. */
  default Standardised standardised() {
    return Standardised.of(this, matrix -> new MatrixRows(matrix, linearAlgebra()));
  }
}
