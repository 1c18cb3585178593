package dev.sonde.statistics;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Thresholds that let no more than a stated share of negative rows through. Of n negative rows that
 * are drawn as a further one is, the k-th highest score lets the further one through with the
 * probability k / (n + 1) at most; the threshold is that of the largest k that the share allows
 * (the split conformal rule, Vovk et al. 2005).
 */
public final class FalsePositives {
  private FalsePositives() {}

  /**
   * The threshold; a row is flagged whose score lies above it.
   *
   * @param negatives scores of negative rows that the scorer was not fitted to
   * @param share the share of further negative rows that may be flagged, between 0 and 1
   * @return empty where so few rows cannot vouch for so small a share: {@code 1 / share − 1} are
   *     needed
   */
  public static OptionalDouble threshold(double[] negatives, double share) {
    int place = (int) Math.floor(share * (negatives.length + 1) + 1e-9);
    if (place < 1) {
      return OptionalDouble.empty();
    }
    double[] ascending = negatives.clone();
    Arrays.sort(ascending);
    return OptionalDouble.of(ascending[ascending.length - place]);
  }

  /**
   * Whether each negative row would be flagged by the threshold that all groups but its own set:
   * what the rule does to rows of a new group.
   *
   * @param scores one a row
   * @param negative the rows that count
   * @return one a row: 1 flagged, 0 not, NaN where the other groups set no threshold, and for rows
   *     that do not count
   */
  public static double[] ofNewGroups(
      double[] scores, boolean[] negative, Groups groups, double share) {
    double[] flagged = new double[scores.length];
    Arrays.fill(flagged, Double.NaN);
    for (int group = 0; group < groups.count(); group++) {
      int left = group;
      int[] own = Arrays.stream(groups.rows(group)).filter(row -> negative[row]).toArray();
      if (own.length > 0) {
        double[] others =
            IntStream.range(0, scores.length)
                .filter(row -> negative[row] && groups.of(row) != left)
                .mapToDouble(row -> scores[row])
                .toArray();
        OptionalDouble threshold = threshold(others, share);
        if (threshold.isPresent()) {
          for (int row : own) {
            flagged[row] = scores[row] > threshold.getAsDouble() ? 1 : 0;
          }
        }
      }
    }
    return flagged;
  }
}
