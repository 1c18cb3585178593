package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.Matrix;
import java.util.function.IntPredicate;

/** The equations of a direction, in float64. */
final class Directions {
  /** Keeps the unit vector of a vanishing direction finite (Hong et al. 2025, released code). */
  private static final double GUARD = 1e-8;

  private Directions() {}

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

  private static double[] mean(Matrix rows, IntPredicate used) {
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

  /** The two classes of binary targets; graded ones are parted at their mean. */
  static Targets classes(Targets targets) {
    if (targets.isBinary()) {
      return targets;
    }
    boolean[] above = new boolean[targets.size()];
    double mean = targets.mean();
    for (int row = 0; row < above.length; row++) {
      above[row] = targets.value(row) > mean;
    }
    return Targets.binary(above, targets.positiveName(), targets.negativeName());
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
