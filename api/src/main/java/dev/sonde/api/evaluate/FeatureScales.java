package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.Matrix;
import java.util.Arrays;

/**
 * Where the features of some rows lie and how far they spread, whatever few wild rows do: the
 * median of each, and what its standard deviation would be by the median absolute deviation.
 *
 * @param centre the median of each feature
 * @param scale its spread; 1 where it does not vary
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public record FeatureScales(double[] centre, double[] scale) {
  /** Beyond so many scales a value is cut. */
  private static final double CUT = 10;

  /**
   * The median absolute deviation of a normal distribution times this is its standard deviation.
   */
  private static final double TO_DEVIATION = 1.4826;

  /** Medians are of so many rows at most, spread over all: enough for a scale. */
  private static final int SAMPLE = 256;

  /** The rows of so many of which medians are, ascending. */
  public static int[] sampled(int rows) {
    int[] sampled = new int[Math.min(SAMPLE, rows)];
    Arrays.setAll(sampled, i -> (int) ((long) i * rows / sampled.length));
    return sampled;
  }

  /** The scales of the rows of a design. */
  public static FeatureScales of(Design rows) {
    int[] sampled = sampled(rows.rows());
    double[][] ascending = new double[rows.columns()][sampled.length];
    double[] values = new double[rows.columns()];
    for (int i = 0; i < sampled.length; i++) {
      rows.copyRow(sampled[i], values);
      for (int c = 0; c < values.length; c++) {
        ascending[c][i] = values[c];
      }
    }
    for (double[] column : ascending) {
      Arrays.sort(column);
    }
    return of(ascending, rows);
  }

  /**
   * The scales of the rows of a design, of whose sampled rows the values are in order already.
   *
   * @param ascending {@code [columns][sampled rows]}
   */
  public static FeatureScales of(double[][] ascending, Design rows) {
    double[] centre = new double[ascending.length];
    double[] scale = new double[ascending.length];
    for (int c = 0; c < centre.length; c++) {
      int half = ascending[c].length / 2;
      centre[c] =
          ascending[c].length % 2 == 1
              ? ascending[c][half]
              : (ascending[c][half - 1] + ascending[c][half]) / 2;
      scale[c] = TO_DEVIATION * medianDeviation(ascending[c], centre[c]);
    }
    spreadOfRareOnes(rows, centre, scale);
    return new FeatureScales(centre, scale);
  }

  /** The median of the distances from the median: distances to both sides ascend on their own. */
  private static double medianDeviation(double[] ascending, double median) {
    int count = ascending.length;
    int above = 0;
    while (above < count && ascending[above] < median) {
      above++;
    }
    int below = above - 1;
    double before = 0;
    double distance = 0;
    for (int taken = 0; taken <= count / 2; taken++) {
      before = distance;
      boolean up =
          below < 0 || (above < count && ascending[above] - median <= median - ascending[below]);
      distance = up ? ascending[above++] - median : median - ascending[below--];
    }
    return count % 2 == 1 ? distance : (before + distance) / 2;
  }

  /**
   * Features that are the same in most rows have the standard deviation; those that never vary 1.
   */
  private static void spreadOfRareOnes(Design rows, double[] centre, double[] scale) {
    if (Arrays.stream(scale).allMatch(each -> each > 0)) {
      return;
    }
    double[] squares = new double[scale.length];
    double[] values = new double[scale.length];
    for (int row = 0; row < rows.rows(); row++) {
      rows.copyRow(row, values);
      for (int c = 0; c < values.length; c++) {
        squares[c] += (values[c] - centre[c]) * (values[c] - centre[c]) / rows.rows();
      }
    }
    for (int c = 0; c < scale.length; c++) {
      if (scale[c] == 0) {
        scale[c] = squares[c] > 0 ? Math.sqrt(squares[c]) : 1;
      }
    }
  }

  /** Whether a value of a feature lies so far out that it is cut. */
  public boolean cuts(int feature, double value) {
    return Math.abs(value - centre[feature]) > CUT * scale[feature];
  }

  /** Puts the values of a row on their scales, not cut. */
  public void scale(double[] row) {
    for (int c = 0; c < row.length; c++) {
      row[c] = (row[c] - centre[c]) / scale[c];
    }
  }

  /** The same, cut at ten scales to either side: as rows are fitted. */
  public void standardise(double[] row) {
    scale(row);
    for (int c = 0; c < row.length; c++) {
      row[c] = Math.min(CUT, Math.max(-CUT, row[c]));
    }
  }

  /** The standardised rows of a design, float32. */
  public Matrix standardised(Design rows) {
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, rows.rows(), rows.columns());
    double[] values = new double[rows.columns()];
    for (int row = 0; row < rows.rows(); row++) {
      rows.copyRow(row, values);
      standardise(values);
      matrix.setRow(row, values);
    }
    return matrix;
  }

  /** The weights for rows as they are that standardised ones would be given. */
  Scorer linear(double[] weights, double bias) {
    double[] own = new double[weights.length];
    double moved = bias;
    for (int c = 0; c < own.length; c++) {
      own[c] = weights[c] / scale[c];
      moved -= own[c] * centre[c];
    }
    return Scorer.linear(own, moved);
  }
}
