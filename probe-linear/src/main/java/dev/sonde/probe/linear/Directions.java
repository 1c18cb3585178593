package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The equations of a direction, in float64. */
final class Directions {
  /** Keeps the unit vector of a vanishing direction finite (Hong et al. 2025, released code). */
  private static final double GUARD = 1e-8;

  private Directions() {}

  /**
   * The direction of labels over some rows. Of two classes it is the difference of their means; so
   * of graded ones that have a cut. Of other graded labels y it is what the mean row changes by per
   * unit of label, {@code Σ(y−ȳ)x / Σ(y−ȳ)²}, which is the same thing where y is 1 and 0.
   *
   * @param rows {@code [examples, width]}
   * @param used which rows count; their labels vary
   */
  static double[] of(Matrix rows, Targets labels, IntPredicate used) {
    return labels.isBinary() || labels.cut().isPresent()
        ? differenceOfMeans(rows, labels.classes(), used)
        : slope(rows, labels, used);
  }

  private static double[] slope(Matrix rows, Targets labels, IntPredicate used) {
    int[] chosen = IntStream.range(0, rows.rows()).filter(used).toArray();
    double mean = Arrays.stream(chosen).mapToDouble(labels::value).average().orElse(Double.NaN);
    double squares = 0;
    double[] sum = new double[rows.columns()];
    for (int row : chosen) {
      double apart = labels.value(row) - mean;
      squares += apart * apart;
      for (int c = 0; c < sum.length; c++) {
        sum[c] += apart * rows.get(row, c);
      }
    }
    return times(1 / squares, sum);
  }

  /**
   * The difference of class means {@code r = mean(positive) − mean(negative)} over some rows.
   *
   * @param rows {@code [examples, width]}
   * @param used which rows count
   */
  static double[] differenceOfMeans(Matrix rows, Targets targets, IntPredicate used) {
    return minus(
        mean(rows, r -> used.test(r) && targets.positive(r)),
        mean(rows, r -> used.test(r) && !targets.positive(r)));
  }

  /** The mean of some rows; NaN of none. */
  static double[] mean(Matrix rows, IntPredicate used) {
    double[] sum = new double[rows.columns()];
    int count = 0;
    for (int row = 0; row < rows.rows(); row++) {
      if (used.test(row)) {
        count++;
        for (int c = 0; c < sum.length; c++) {
          sum[c] += rows.get(row, c);
        }
      }
    }
    for (int c = 0; c < sum.length; c++) {
      sum[c] /= count;
    }
    return sum;
  }

  /** {@code a − b}. */
  static double[] minus(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int c = 0; c < difference.length; c++) {
      difference[c] = a[c] - b[c];
    }
    return difference;
  }

  /** {@code factor · a}. */
  static double[] times(double factor, double[] a) {
    double[] scaled = new double[a.length];
    for (int c = 0; c < scaled.length; c++) {
      scaled[c] = factor * a[c];
    }
    return scaled;
  }

  /** {@code a · b}. */
  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int c = 0; c < a.length; c++) {
      sum += a[c] * b[c];
    }
    return sum;
  }

  /** {@code ‖a‖}. */
  static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** {@code r / (‖r‖ + 1e-8)}. */
  static double[] unit(double[] r) {
    return times(1 / (norm(r) + GUARD), r);
  }

  /** {@code a − (a · r̂) r̂}: what of a is orthogonal to r. */
  static double[] without(double[] a, double[] r) {
    double[] unit = unit(r);
    double along = dot(a, unit);
    double[] rest = new double[a.length];
    for (int c = 0; c < rest.length; c++) {
      rest[c] = a[c] - along * unit[c];
    }
    return rest;
  }

  /** {@code cos(h, r)}; 0 where either vanishes. */
  static double cosine(double[] h, double[] r) {
    double norms = norm(h) * norm(r);
    return norms == 0 ? 0 : dot(h, r) / norms;
  }
}
