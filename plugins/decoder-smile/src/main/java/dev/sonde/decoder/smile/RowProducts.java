package dev.sonde.decoder.smile;

import dev.sonde.api.evaluate.Design;
import dev.sonde.api.linalg.Matrix;

/** The products of rows with a vector each way, in float32. */
interface RowProducts {
  /** Per row, its product with a vector, {@code X v}. */
  float[] times(float[] vector);

  /** Per feature, {@code Xᵀ c}. */
  float[] transposeTimes(float[] coefficients);

  /**
   * Few rows, in arrays: a product of some hundred rows costs less than the call of a library and
   * the memory that it gives back.
   *
   * @param byRows {@code [rows][columns]}
   * @param byColumns {@code [columns][rows]}
   */
  record Copied(float[][] byRows, float[][] byColumns) implements RowProducts {
    static Copied of(Design rows) {
      float[][] byRows = new float[rows.rows()][rows.columns()];
      float[][] byColumns = new float[rows.columns()][rows.rows()];
      double[] values = new double[rows.columns()];
      for (int row = 0; row < byRows.length; row++) {
        rows.copyRow(row, values);
        for (int c = 0; c < values.length; c++) {
          byRows[row][c] = (float) values[c];
          byColumns[c][row] = byRows[row][c];
        }
      }
      return new Copied(byRows, byColumns);
    }

    @Override
    public float[] times(float[] vector) {
      return Vectors.combined(byColumns, vector, byRows.length);
    }

    @Override
    public float[] transposeTimes(float[] coefficients) {
      return Vectors.combined(byRows, coefficients, byColumns.length);
    }

    /** The inner products of all rows, {@code [rows][rows]}. */
    float[][] innerProducts() {
      float[][] products = new float[byRows.length][byRows.length];
      int row = 0;
      for (; row + 4 <= products.length; row += 4) {
        Vectors.addFromOn(row, products, byColumns, byRows);
      }
      for (; row < products.length; row++) {
        products[row] = times(byRows[row]);
      }
      for (int above = 0; above < products.length; above++) {
        for (int below = 0; below < above; below++) {
          products[above][below] = products[below][above];
        }
      }
      return products;
    }
  }

  /** Rows as the engine keeps them, multiplied by the linear algebra of the run. */
  record Kept(Design design) implements RowProducts {
    @Override
    public float[] times(float[] vector) {
      return floats(design.times(column(vector)));
    }

    @Override
    public float[] transposeTimes(float[] coefficients) {
      return floats(design.transposeTimes(column(coefficients)));
    }

    private static Matrix column(float[] values) {
      Matrix column = Matrix.zeros(Matrix.Type.FLOAT32, values.length, 1);
      for (int i = 0; i < values.length; i++) {
        column.set(i, 0, values[i]);
      }
      return column;
    }

    private static float[] floats(Matrix column) {
      double[] values = column.column(0);
      return Vectors.floats(values, values.length);
    }
  }
}
