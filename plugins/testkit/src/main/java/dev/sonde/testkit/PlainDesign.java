package dev.sonde.testkit;

import dev.sonde.api.evaluate.Design;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;

/**
 * Feature rows for tests, multiplied by plain loops. What does not fit is refused with an {@link
 * IllegalArgumentException}.
 */
public final class PlainDesign implements Design {
  private final Matrix values;

  /** Rows of zeros. */
  public PlainDesign(int rows, int columns) {
    this.values = Matrix.zeros(Matrix.Type.FLOAT32, rows, columns);
  }

  /** The features, which may be written. */
  public Matrix values() {
    return values;
  }

  @Override
  public int rows() {
    return values.rows();
  }

  @Override
  public int columns() {
    return values.columns();
  }

  @Override
  public void copyRow(int row, double[] into) {
    if (row < 0 || row >= rows() || into.length != columns()) {
      throw new IllegalArgumentException(
          "copyRow: row %d into %d places, of a design of %d rows and %d columns"
              .formatted(row, into.length, rows(), columns()));
    }
    for (int c = 0; c < into.length; c++) {
      into[c] = values.get(row, c);
    }
  }

  @Override
  public Matrix times(Matrix weights) {
    require("times: weights of %d rows for %d columns", weights.rows(), columns());
    Matrix product = Matrix.zeros(Matrix.Type.FLOAT32, rows(), weights.columns());
    for (int r = 0; r < rows(); r++) {
      for (int k = 0; k < weights.columns(); k++) {
        double sum = 0;
        for (int c = 0; c < columns(); c++) {
          sum += values.get(r, c) * weights.get(c, k);
        }
        product.set(r, k, sum);
      }
    }
    return product;
  }

  @Override
  public Matrix transposeTimes(Matrix coefficients) {
    require("transposeTimes: coefficients of %d rows for %d rows", coefficients.rows(), rows());
    Matrix product = Matrix.zeros(Matrix.Type.FLOAT32, columns(), coefficients.columns());
    for (int c = 0; c < columns(); c++) {
      for (int k = 0; k < coefficients.columns(); k++) {
        double sum = 0;
        for (int r = 0; r < rows(); r++) {
          sum += values.get(r, c) * coefficients.get(r, k);
        }
        product.set(c, k, sum);
      }
    }
    return product;
  }

  private static void require(String message, int given, int needed) {
    if (given != needed) {
      throw new IllegalArgumentException(message.formatted(given, needed));
    }
  }

  @Override
  public LinearAlgebra linearAlgebra() {
    return new TextbookAlgebra();
  }
}
