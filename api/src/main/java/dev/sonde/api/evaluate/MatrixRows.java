package dev.sonde.api.evaluate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;

/** All rows of a float32 matrix as a design. */
record MatrixRows(Matrix matrix, LinearAlgebra linearAlgebra) implements Design {
  @Override
  public int rows() {
    return matrix.rows();
  }

  @Override
  public int columns() {
    return matrix.columns();
  }

  @Override
  public void copyRow(int row, double[] into) {
    double[] values = matrix.row(row);
    System.arraycopy(values, 0, into, 0, into.length);
  }

  @Override
  public Matrix times(Matrix weights) {
    return linearAlgebra.multiply(matrix, weights);
  }

  @Override
  public Matrix transposeTimes(Matrix coefficients) {
    return linearAlgebra.transposeTimes(matrix, coefficients);
  }
}
