package dev.sonde.engine.evaluate.erase;

import dev.sonde.api.linalg.Matrix;
import java.util.List;

/**
 * An affine map {@code r(x) = x − Σ uₖ (vₖ · (x − μ))} that takes some directions out of rows and
 * keeps their mean.
 *
 * @param mean μ, of the rows it was fitted to
 * @param removed uₖ, what is subtracted
 * @param read vₖ, what is read; {@code uᵢ · vₖ} is 1 of one index and 0 of two, so that erasing
 *     twice is erasing once. Where both are the same the map is an orthogonal projection.
 */
public record Erasure(double[] mean, List<double[]> removed, List<double[]> read) {
  /** A map with its lists copied. */
  public Erasure {
    removed = List.copyOf(removed);
    read = List.copyOf(read);
  }

  /** A map that leaves rows as they are. */
  static Erasure none(double[] mean) {
    return new Erasure(mean, List.of(), List.of());
  }

  /** Applies the map to a row in place. */
  public void apply(double[] row) {
    double[] along = new double[read.size()];
    for (int k = 0; k < along.length; k++) {
      double[] v = read.get(k);
      for (int c = 0; c < row.length; c++) {
        along[k] += v[c] * (row[c] - mean[c]);
      }
    }
    for (int k = 0; k < along.length; k++) {
      double[] u = removed.get(k);
      for (int c = 0; c < row.length; c++) {
        row[c] -= along[k] * u[c];
      }
    }
  }

  /** All rows with the map applied, in the number type of the rows. */
  public Matrix of(Matrix features) {
    Matrix erased = Matrix.zeros(features.type(), features.rows(), features.columns());
    for (int row = 0; row < features.rows(); row++) {
      double[] values = features.row(row);
      apply(values);
      erased.setRow(row, values);
    }
    return erased;
  }

  /**
   * How much the map changes some rows: the sum of squares of what is subtracted, as a share of the
   * sum of squares around the mean μ.
   *
   * @param rows which
   */
  public double changed(Matrix features, int[] rows) {
    double subtracted = 0;
    double around = 0;
    for (int row : rows) {
      double[] before = features.row(row);
      double[] after = before.clone();
      apply(after);
      for (int c = 0; c < before.length; c++) {
        subtracted += (before[c] - after[c]) * (before[c] - after[c]);
        around += (before[c] - mean[c]) * (before[c] - mean[c]);
      }
    }
    return around == 0 ? 0 : subtracted / around;
  }
}
