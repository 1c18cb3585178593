package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.FalsePositives;
import dev.sonde.statistics.Groups;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A threshold that was set so that a stated share of negative rows lies above it.
 *
 * @param asked the share that was asked for
 * @param score a row is flagged whose score lies above it
 * @param rate the share of negative rows that the same rule flags in groups that it did not see
 * @param recall the share of positive rows above the threshold
 */
public record Threshold(double asked, double score, Estimate rate, Estimate recall) {
  /** The shares of false positives for which thresholds are set. */
  public static final List<Double> RATES = List.of(0.01, 0.05, 0.1);

  /** Those of {@link #RATES} for which there are enough negative rows; see {@link #of}. */
  public static List<Threshold> all(
      double[] scores, Targets targets, Groups groups, Function<double[], Estimate> interval) {
    return RATES.stream()
        .flatMap(rate -> of(scores, targets, rate, groups, interval).stream())
        .toList();
  }

  /**
   * Sets a threshold.
   *
   * @param scores held out; NaN for rows that count nothing
   * @param interval the share of hits (1, 0 or NaN a row) with its interval
   * @return empty where negative rows are too few
   */
  public static Optional<Threshold> of(
      double[] scores,
      Targets targets,
      double asked,
      Groups groups,
      Function<double[], Estimate> interval) {
    boolean[] negative = new boolean[scores.length];
    for (int row = 0; row < negative.length; row++) {
      negative[row] = !Double.isNaN(scores[row]) && !targets.positive(row);
    }
    double[] negatives =
        IntStream.range(0, scores.length)
            .filter(row -> negative[row])
            .mapToDouble(row -> scores[row])
            .toArray();
    OptionalDouble threshold = FalsePositives.threshold(negatives, asked);
    if (threshold.isEmpty()) {
      return Optional.empty();
    }
    double[] flagged = FalsePositives.ofNewGroups(scores, negative, groups, asked);
    return Optional.of(
        new Threshold(
            asked,
            threshold.getAsDouble(),
            interval.apply(flagged),
            interval.apply(found(scores, targets, threshold.getAsDouble()))));
  }

  /** Whether each positive row lies above a threshold: 1 or 0, NaN for all others. */
  public static double[] found(double[] scores, Targets targets, double threshold) {
    return above(scores, targets, threshold, true);
  }

  /** Whether each negative row lies above a threshold: 1 or 0, NaN for all others. */
  public static double[] flagged(double[] scores, Targets targets, double threshold) {
    return above(scores, targets, threshold, false);
  }

  private static double[] above(
      double[] scores, Targets targets, double threshold, boolean positive) {
    double[] hits = new double[scores.length];
    Arrays.setAll(
        hits,
        row -> {
          if (Double.isNaN(scores[row]) || targets.positive(row) != positive) {
            return Double.NaN;
          }
          return scores[row] > threshold ? 1 : 0;
        });
    return hits;
  }
}
