package dev.sonde.statistics;

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
