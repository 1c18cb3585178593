package dev.sonde.api.evaluate;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.linalg.Matrix;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Training rows with every feature on one scale: its median taken out, divided by what the standard
 * deviation would be by the median absolute deviation, and cut at ten of these to either side.
 * Residual streams have a few dimensions a hundred times as large as the rest, and single rows that
 * are; neither decides then what a penalty weighs or where a direction points. Rows that are scored
 * are not cut.
 *
 * @param rows the standardised rows; 0 for features that do not vary
 * @param centre the median of each feature
 * @param scale what each feature was divided by; 1 where it does not vary
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.2")
public record Standardised(Design rows, double[] centre, double[] scale) {
  /** Beyond so many scales a value is cut. */
  private static final double CUT = 10;

  /**
   * The median absolute deviation of a normal distribution times this is its standard deviation.
   */
  private static final double TO_DEVIATION = 1.4826;

  /** Medians are of so many rows at most, spread over all: enough for a scale. */
  private static final int SAMPLE = 256;

  /**
   * The standardised rows of a design.
   *
   * @param design makes a design of rows, float32
   */
  public static Standardised of(Design raw, Function<Matrix, Design> design) {
    int columns = raw.columns();
    double[][] sampled = sample(raw);
    double[] centre = new double[columns];
    double[] scale = new double[columns];
    for (int c = 0; c < columns; c++) {
      Arrays.sort(sampled[c]);
      centre[c] = median(sampled[c]);
      double middle = centre[c];
      double[] apart = Arrays.stream(sampled[c]).map(v -> Math.abs(v - middle)).sorted().toArray();
      scale[c] = TO_DEVIATION * median(apart);
    }
    spreadOfRareOnes(raw, centre, scale);
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, raw.rows(), columns);
    double[] values = new double[columns];
    for (int row = 0; row < raw.rows(); row++) {
      raw.copyRow(row, values);
      for (int c = 0; c < columns; c++) {
        values[c] = Math.clamp((values[c] - centre[c]) / scale[c], -CUT, CUT);
      }
      matrix.setRow(row, values);
    }
    return new Standardised(design.apply(matrix), centre, scale);
  }

  /** {@code [columns][rows of the sample]}. */
  private static double[][] sample(Design raw) {
    int count = Math.min(SAMPLE, raw.rows());
    double[][] sampled = new double[raw.columns()][count];
    double[] values = new double[raw.columns()];
    for (int i = 0; i < count; i++) {
      raw.copyRow((int) ((long) i * raw.rows() / count), values);
      for (int c = 0; c < values.length; c++) {
        sampled[c][i] = values[c];
      }
    }
    return sampled;
  }

  private static double median(double[] ascending) {
    int half = ascending.length / 2;
    return ascending.length % 2 == 1
        ? ascending[half]
        : (ascending[half - 1] + ascending[half]) / 2;
  }

  /**
   * Features that are the same in most rows have the standard deviation; those that never vary 1.
   */
  private static void spreadOfRareOnes(Design raw, double[] centre, double[] scale) {
    if (Arrays.stream(scale).allMatch(each -> each > 0)) {
      return;
    }
    double[] squares = new double[scale.length];
    double[] values = new double[scale.length];
    for (int row = 0; row < raw.rows(); row++) {
      raw.copyRow(row, values);
      for (int c = 0; c < values.length; c++) {
        squares[c] += (values[c] - centre[c]) * (values[c] - centre[c]) / raw.rows();
      }
    }
    for (int c = 0; c < scale.length; c++) {
      if (scale[c] == 0) {
        scale[c] = squares[c] > 0 ? Math.sqrt(squares[c]) : 1;
      }
    }
  }

  /** The scorer of rows as they are that standardised ones would be given. */
  public Scorer linear(double[] weights, double bias) {
    double[] own = new double[weights.length];
    double moved = bias;
    for (int c = 0; c < own.length; c++) {
      own[c] = weights[c] / scale[c];
      moved -= own[c] * centre[c];
    }
    return Scorer.linear(own, moved);
  }
}
