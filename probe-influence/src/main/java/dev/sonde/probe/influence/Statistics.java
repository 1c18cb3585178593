package dev.sonde.probe.influence;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Short formulas of the analyses. */
final class Statistics {
  /** The normal quantile of a two-sided 95 % interval. */
  private static final double Z = 1.959964;

  /** What a two-sided 95 % interval leaves out on each side. */
  private static final double TAIL = 0.025;

  private Statistics() {}

  static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(Double.NaN);
  }

  /** The standard deviation of a sample. */
  static double deviation(double[] values) {
    double mean = mean(values);
    double sum = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(sum / (values.length - 1));
  }

  /** Pearson's r; 0 where one side does not vary. */
  static double pearson(double[] x, double[] y) {
    double[] a = standard(x);
    double[] b = standard(y);
    return IntStream.range(0, x.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** Centred, of length 1; zeros where values do not vary. */
  static double[] standard(double[] values) {
    double mean = mean(values);
    double norm = Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum());
    return Arrays.stream(values).map(v -> norm == 0 ? 0 : (v - mean) / norm).toArray();
  }

  /** Pearson's r of the ranks; equal values share their mean rank. */
  static double spearman(double[] x, double[] y) {
    return pearson(ranks(x), ranks(y));
  }

  private static double[] ranks(double[] values) {
    int[] order = ScoreTable.ranking(values);
    double[] ranks = new double[values.length];
    int from = 0;
    while (from < order.length) {
      int to = from + 1;
      while (to < order.length && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int i = from; i < to; i++) {
        ranks[order[i]] = (from + to - 1) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  /**
   * The slope of log value over log rank by least squares (Ruis et al. 2025, section 5.2).
   *
   * @param descending positive values, the largest first, at least two
   */
  static double powerLaw(double[] descending) {
    double[] x = of(descending.length, i -> Math.log(i + 1.0));
    double[] y = of(descending.length, i -> Math.log(descending[i]));
    double mx = mean(x);
    double my = mean(y);
    double xy = 0;
    double xx = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - mx) * (y[i] - my);
      xx += (x[i] - mx) * (x[i] - mx);
    }
    return xy / xx;
  }

  private static double[] of(int count, IntToDoubleFunction value) {
    return IntStream.range(0, count).mapToDouble(value).toArray();
  }

  /** The 95 % interval of bootstrap draws: lower and upper end. */
  static double[] interval(double[] drawn) {
    double[] ascending = Arrays.stream(drawn).sorted().toArray();
    int last = ascending.length - 1;
    return new double[] {
      ascending[(int) Math.round(TAIL * last)], ascending[(int) Math.round((1 - TAIL) * last)]
    };
  }

  /** Wilson's 95 % interval of a share: lower and upper end. */
  static double[] shareInterval(int hits, int of) {
    double share = hits / (double) of;
    double middle = share + Z * Z / (2 * of);
    double half = Z * Math.sqrt(share * (1 - share) / of + Z * Z / (4.0 * of * of));
    double scale = 1 + Z * Z / of;
    return new double[] {(middle - half) / scale, (middle + half) / scale};
  }
}
