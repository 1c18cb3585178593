package dev.sonde.statistics;

import java.util.random.RandomGenerator;

/**
 * The sign-flip test of paired differences: where nothing is planted, a difference is as likely
 * with the other sign. Differences of a group are summed first and change sign together.
 *
 * @param p one-sided: the share of sign patterns, the observed one among them, whose sum is at
 *     least as large
 * @param patterns how many were looked at beside the observed one
 * @param exact whether these are all there are
 */
public record SignFlips(double p, int patterns, boolean exact) {
  /** Sums that differ by less than this share of all that was added are equal. */
  private static final double ROUNDING = 1e-12;

  private static final int LONGEST = 30;

  /**
   * Tests whether differences lie above 0. All patterns are looked at where they are no more than
   * the draws, else so many are drawn.
   *
   * @param differences one per row
   * @param draws most patterns that are looked at
   */
  public static SignFlips of(
      double[] differences, Groups groups, int draws, RandomGenerator random) {
    double[] sums = new double[groups.count()];
    for (int row = 0; row < differences.length; row++) {
      sums[groups.of(row)] += differences[row];
    }
    double observed = 0;
    double size = 0;
    for (double sum : sums) {
      observed += sum;
      size += Math.abs(sum);
    }
    double enough = observed - ROUNDING * size;
    return sums.length < LONGEST && 1 << sums.length <= draws
        ? all(sums, enough)
        : drawn(sums, enough, draws, random);
  }

  private static SignFlips all(double[] sums, double enough) {
    int patterns = 1 << sums.length;
    int reached = 0;
    for (int pattern = 0; pattern < patterns; pattern++) {
      double total = 0;
      for (int group = 0; group < sums.length; group++) {
        total += (pattern >> group & 1) == 0 ? sums[group] : -sums[group];
      }
      reached += total >= enough ? 1 : 0;
    }
    return new SignFlips(reached / (double) patterns, patterns - 1, true);
  }

  private static SignFlips drawn(double[] sums, double enough, int draws, RandomGenerator random) {
    int reached = 1;
    for (int draw = 0; draw < draws; draw++) {
      double total = 0;
      for (double sum : sums) {
        total += random.nextBoolean() ? sum : -sum;
      }
      reached += total >= enough ? 1 : 0;
    }
    return new SignFlips(reached / (draws + 1.0), draws, false);
  }
}
