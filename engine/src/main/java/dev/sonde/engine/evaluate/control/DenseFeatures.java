package dev.sonde.engine.evaluate.control;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.RidgePath;

/** Fixed features of all rows, held once and looked at through some of them. */
final class DenseFeatures {
  private final float[] values;
  private final int columns;

  DenseFeatures(Matrix features) {
    this.columns = features.columns();
    this.values = new float[Math.multiplyExact(features.rows(), columns)];
    for (int row = 0; row < features.rows(); row++) {
      double[] own = features.row(row);
      for (int c = 0; c < columns; c++) {
        values[row * columns + c] = (float) own[c];
      }
    }
  }

  /** Those rows. */
  RidgePath.Rows rows(int[] rows) {
    return new Some(rows);
  }

  private final class Some implements RidgePath.Rows {
    private final int[] rows;

    Some(int[] rows) {
      this.rows = rows;
    }

    @Override
    public int rows() {
      return rows.length;
    }

    @Override
    public int columns() {
      return columns;
    }

    @Override
    public double[] times(double[] weights) {
      double[] products = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        int from = rows[i] * columns;
        double sum = 0;
        for (int c = 0; c < columns; c++) {
          sum += values[from + c] * weights[c];
        }
        products[i] = sum;
      }
      return products;
    }

    @Override
    public double[] transposeTimes(double[] coefficients) {
      double[] sums = new double[columns];
      for (int i = 0; i < rows.length; i++) {
        int from = rows[i] * columns;
        double coefficient = coefficients[i];
        for (int c = 0; c < columns; c++) {
          sums[c] += coefficient * values[from + c];
        }
      }
      return sums;
    }

    @Override
    public double[] squares() {
      double[] squares = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        int from = rows[i] * columns;
        for (int c = 0; c < columns; c++) {
          squares[i] += (double) values[from + c] * values[from + c];
        }
      }
      return squares;
    }
  }
}
