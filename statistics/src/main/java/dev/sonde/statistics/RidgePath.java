package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Ridge regression at many penalties at once, in time and memory linear in the rows: all it asks of
 * the features are products with a vector, so that they may be sparse, and no matrix of rows by
 * rows or of features by features is made. The mean of the targets and of every feature are taken
 * out, so that there is an intercept without penalty.
 *
 * <p>Lanczos' method with the centred targets as its beginning (Golub and Van Loan, Matrix
 * Computations, 10.1) gives a small tridiagonal matrix that stands for the centred inner products K
 * of the rows in {@code (K + λ I)⁻¹ y} whatever λ. It ends once the smallest penalty's residual is
 * a share of 1e-9 of the targets, or after 100 steps.
 */
public final class RidgePath {
  private static final double RESIDUAL = 1e-9;
  private static final int STEPS = 100;

  /** Rows that differ by less than this share of their squared length are all alike. */
  private static final double ALIKE = 1e-12;

  private RidgePath() {}

  /** Feature rows X. */
  public interface Rows {
    /** Number of rows. */
    int rows();

    /** Number of features. */
    int columns();

    /** The product {@code X w}; equal rows give equal values, to the bit. */
    double[] times(double[] weights);

    /** The product {@code Xᵀ c}. */
    double[] transposeTimes(double[] coefficients);

    /** The squared length of each row. */
    double[] squares();
  }

  /**
   * Predictions for test rows.
   *
   * @param targets of the training rows
   * @param penalties λ in units of the mean squared length of centred training rows, above 0
   * @return {@code [penalties][test rows]}; the targets' mean for all where training rows are all
   *     alike
   */
  public static double[][] predict(Rows train, Rows test, double[] targets, double... penalties) {
    double mean = mean(targets);
    double[][] predictions = new double[penalties.length][test.rows()];
    for (double[] each : predictions) {
      Arrays.fill(each, mean);
    }
    double unit = meanSquare(train);
    double[] start = targets.clone();
    shift(start, mean);
    double length = PlainVectors.norm(start);
    if (unit == 0 || length == 0) {
      return predictions;
    }
    double smallest = Arrays.stream(penalties).min().orElse(1) * unit;
    Krylov krylov = new Krylov(train, test, PlainVectors.scaled(1 / length, start));
    while (!krylov.done(smallest)) {
      krylov.step();
    }
    for (int p = 0; p < penalties.length; p++) {
      double[] coordinates = krylov.solve(penalties[p] * unit);
      for (int j = 0; j < coordinates.length; j++) {
        double[] along = krylov.testProducts.get(j);
        for (int row = 0; row < along.length; row++) {
          predictions[p][row] += length * coordinates[j] * along[row];
        }
      }
    }
    return predictions;
  }

  /** The mean squared length of centred rows; 0 where that is rounding. */
  private static double meanSquare(Rows rows) {
    double[] once = new double[rows.rows()];
    Arrays.fill(once, 1.0 / once.length);
    double ofMean = 0;
    for (double value : rows.transposeTimes(once)) {
      ofMean += value * value;
    }
    double mean = mean(rows.squares());
    return mean - ofMean <= ALIKE * mean ? 0 : mean - ofMean;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static void shift(double[] values, double down) {
    for (int i = 0; i < values.length; i++) {
      values[i] -= down;
    }
  }

  /** What the inner products of the rows do to the targets, step by step. */
  private static final class Krylov {
    private final Rows train;
    private final Rows test;
    private final List<double[]> basis = new ArrayList<>();
    private final List<double[]> testProducts = new ArrayList<>();
    private final double[] diagonal = new double[STEPS];
    private final double[] beside = new double[STEPS];
    private double[] next;

    Krylov(Rows train, Rows test, double[] start) {
      this.train = train;
      this.test = test;
      this.next = start;
    }

    void step() {
      int at = basis.size();
      double[] unit = next;
      basis.add(unit);
      double[] weights = train.transposeTimes(unit);
      double[] image = train.times(weights);
      double mean = mean(image);
      double[] onTest = test.times(weights);
      shift(onTest, mean);
      testProducts.add(onTest);
      shift(image, mean);
      diagonal[at] = PlainVectors.dot(image, unit);
      for (int round = 0; round < 2; round++) {
        for (double[] axis : basis) {
          double along = PlainVectors.dot(image, axis);
          for (int row = 0; row < image.length; row++) {
            image[row] -= along * axis[row];
          }
        }
      }
      beside[at] = PlainVectors.norm(image);
      next = beside[at] > 0 ? PlainVectors.scaled(1 / beside[at], image) : image;
    }

    boolean done(double penalty) {
      int steps = basis.size();
      if (steps == 0) {
        return false;
      }
      if (steps == Math.min(STEPS, train.rows() - 1) || beside[steps - 1] == 0) {
        return true;
      }
      double[] coordinates = solve(penalty);
      double residual = beside[steps - 1] * Math.abs(coordinates[steps - 1]);
      return residual <= RESIDUAL;
    }

    /** The coordinates of {@code (K + λ I)⁻¹} times the first axis, by elimination. */
    double[] solve(double penalty) {
      int n = basis.size();
      double[] pivots = new double[n];
      double[] right = new double[n];
      pivots[0] = diagonal[0] + penalty;
      right[0] = 1;
      for (int i = 1; i < n; i++) {
        double factor = beside[i - 1] / pivots[i - 1];
        pivots[i] = diagonal[i] + penalty - factor * beside[i - 1];
        right[i] = -factor * right[i - 1];
      }
      double[] solution = new double[n];
      for (int i = n - 1; i >= 0; i--) {
        double after = i + 1 < n ? beside[i] * solution[i + 1] : 0;
        solution[i] = (right[i] - after) / pivots[i];
      }
      return solution;
    }
  }
}
