package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.Matrix;
import java.util.List;

/**
 * The slopes {@code δ = Σ(y−ȳ)x / Σ(y−ȳ)²} of rows x on many labelings y: for two classes the
 * difference of their means, for graded targets the change of the mean row per unit of target.
 *
 * @param coefficients {@code c = (y−ȳ) / Σ(y−ȳ)²}, {@code [rows, labelings]} float32
 * @param slopes {@code δ = Xᵀc}, {@code [columns, labelings]} float64
 * @param targetMeans ȳ per labeling
 * @param targetVariances {@code Σ(y−ȳ)²/n} per labeling; pq for classes with the shares p and q
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public record Slopes(
    Matrix coefficients, Matrix slopes, double[] targetMeans, double[] targetVariances) {

  /**
   * The slopes of some rows.
   *
   * @param many labelings of the rows, each with two different values at least
   */
  public static Slopes of(Design rows, List<Targets> many) {
    double[] means = new double[many.size()];
    double[] variances = new double[many.size()];
    int count = rows.rows();
    for (int l = 0; l < means.length; l++) {
      Targets targets = many.get(l);
      means[l] = targets.mean();
      for (int row = 0; row < count; row++) {
        double apart = targets.value(row) - means[l];
        variances[l] += apart * apart / count;
      }
    }
    Matrix coefficients = Matrix.zeros(Matrix.Type.FLOAT32, count, many.size());
    double[] ofRow = new double[many.size()];
    for (int row = 0; row < count; row++) {
      for (int l = 0; l < ofRow.length; l++) {
        ofRow[l] = (many.get(l).value(row) - means[l]) / (variances[l] * count);
      }
      coefficients.setRow(row, ofRow);
    }
    Matrix slopes = rows.transposeTimes(coefficients).as(Matrix.Type.FLOAT64);
    return new Slopes(coefficients, slopes, means, variances);
  }

  /** Number of labelings. */
  public int labelings() {
    return targetMeans.length;
  }
}
