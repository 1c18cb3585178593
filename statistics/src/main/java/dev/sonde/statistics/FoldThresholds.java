package dev.sonde.statistics;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Per fold, the threshold that the held-out scores of the other folds set for a share of false
 * positives (see {@link FalsePositives}): set on rows that were held out too, and not on those it
 * is tried on.
 */
public final class FoldThresholds {
  private final Map<Integer, Double> ofFolds;
  private final int[] folds;

  private FoldThresholds(Map<Integer, Double> ofFolds, int[] folds) {
    this.ofFolds = ofFolds;
    this.folds = folds.clone();
  }

  /**
   * Sets thresholds.
   *
   * @param scores one per row
   * @param positive one per row
   * @param folds which fold held a row out; rows of negative numbers do not count
   * @param falsePositives the share of negative rows that may lie above
   * @return empty where the other folds of one hold too few negative rows to vouch for that share
   */
  public static Optional<FoldThresholds> of(
      double[] scores, boolean[] positive, int[] folds, double falsePositives) {
    Map<Integer, Double> thresholds = new LinkedHashMap<>();
    for (int fold : IntStream.of(folds).filter(f -> f >= 0).distinct().toArray()) {
      double[] negative =
          IntStream.range(0, folds.length)
              .filter(row -> folds[row] >= 0 && folds[row] != fold && !positive[row])
              .mapToDouble(row -> scores[row])
              .toArray();
      OptionalDouble threshold = FalsePositives.threshold(negative, falsePositives);
      if (threshold.isEmpty()) {
        return Optional.empty();
      }
      thresholds.put(fold, threshold.getAsDouble());
    }
    return Optional.of(new FoldThresholds(thresholds, folds));
  }

  /** The threshold that a row is held against; NaN where no fold held it out. */
  public double of(int row) {
    return ofFolds.getOrDefault(folds[row], Double.NaN);
  }

  /** Per row 1 where its score lies above its threshold, else 0; NaN where none held it out. */
  public double[] flags(double[] scores) {
    double[] flags = new double[scores.length];
    Arrays.setAll(flags, row -> folds[row] < 0 ? Double.NaN : scores[row] > of(row) ? 1 : 0);
    return flags;
  }
}
