package dev.sonde.statistics;

import java.util.Arrays;

/**
 * A 95 % interval.
 *
 * @param low NaN, as is high, where there is none
 */
public record Interval(double low, double high) {
  /** The share of the distribution below the interval, and above it. */
  private static final double TAIL = 0.025;

  /** The normal quantile that leaves the tail above it. */
  private static final double Z = 1.959963984540054;

  /** Of fewer groups all draws lie between too few values. */
  private static final int FEWEST = 5;

  private static final double[] NORMAL_TAIL = {
    0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429
  };

  /** Where there is none. */
  public static final Interval NONE = new Interval(Double.NaN, Double.NaN);

  /**
   * The percentile interval: from the 2.5 % to the 97.5 % {@link Quantiles quantile} of what a
   * figure came out as in the draws of a bootstrap. Draws in which it does not exist are left out.
   */
  public static Interval ofDraws(double[] drawn) {
    double[] ends = Quantiles.of(drawn, TAIL, 1 - TAIL);
    return new Interval(ends[0], ends[1]);
  }

  /**
   * The expanded percentile interval of figures over few groups: as far out in the draws as
   * Student's t of one less than the groups, times {@code √(n / (n − 1))}, is in the normal
   * distribution (Hesterberg 2015, The American Statistician 69). What groups were drawn from
   * varies more than the groups that there are, which the plain percentiles know nothing of.
   *
   * @param groups that were drawn from; there is none of fewer than five, as no draw then goes as
   *     far as the true value may lie
   */
  static Interval ofDraws(double[] drawn, int groups) {
    if (groups < FEWEST) {
      return NONE;
    }
    double far = StudentT.upper(groups - 1) * Math.sqrt(groups / (groups - 1.0));
    double tail = normalTail(far);
    double[] ends = Quantiles.of(drawn, tail, 1 - tail);
    return new Interval(ends[0], ends[1]);
  }

  /**
   * Student's interval of the mean of independent values, those that are numbers; none of fewer
   * than five.
   */
  public static Interval ofMean(double[] values) {
    double[] numbers = Arrays.stream(values).filter(Double::isFinite).toArray();
    int n = numbers.length;
    if (n < FEWEST) {
      return NONE;
    }
    double mean = Arrays.stream(numbers).sum() / n;
    double squares = Arrays.stream(numbers).map(v -> (v - mean) * (v - mean)).sum();
    double half = StudentT.upper(n - 1) * Math.sqrt(squares / (n - 1) / n);
    return new Interval(mean - half, mean + half);
  }

  /** The probability of a normal number above z, to 1e-7 (Abramowitz and Stegun 26.2.17). */
  private static double normalTail(double z) {
    double t = 1 / (1 + 0.2316419 * z);
    double sum = 0;
    for (int i = NORMAL_TAIL.length - 1; i >= 0; i--) {
      sum = t * (NORMAL_TAIL[i] + sum);
    }
    return sum * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * Wilson's interval (1927) of a share of independent trials. Unlike a bootstrap's it has a width
   * where all trials, or none, are hits.
   *
   * @param of number of trials, at least one
   */
  public static Interval ofShare(int hits, int of) {
    double share = hits / (double) of;
    double middle = share + Z * Z / (2.0 * of);
    double half = Z * Math.sqrt(share * (1 - share) / of + Z * Z / (4.0 * of * of));
    double scale = 1 + Z * Z / of;
    return new Interval((middle - half) / scale, (middle + half) / scale);
  }

  /** Whether there is one. */
  public boolean exists() {
    return Double.isFinite(low) && Double.isFinite(high);
  }

  /** Whether it exists and lies on one side of a value. */
  public boolean excludes(double value) {
    return low > value || high < value;
  }
}
