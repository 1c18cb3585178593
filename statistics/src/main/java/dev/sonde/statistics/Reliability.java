package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How far probabilities are from the shares that come true: rows in order of their probability are
 * cut into bins of as many rows each, and each bin's mean probability is held against its share of
 * positive rows.
 *
 * @param bins in ascending order of probability, at least one
 * @param error the expected calibration error: the mean distance over rows (Guo et al. 2017)
 * @param errorIfTrue what the same rows would give on average if every probability were true: an
 *     error of few rows is above 0 by chance alone
 * @param brier the mean squared distance of probability and label
 */
public record Reliability(List<Bin> bins, double error, double errorIfTrue, double brier) {
  private static final int BINS = 10;
  private static final int DRAWS = 200;

  /** A value with its list copied. */
  public Reliability {
    bins = List.copyOf(bins);
  }

  /**
   * Some rows.
   *
   * @param probability the mean over them
   * @param share of them that are positive
   * @param rows how many
   */
  public record Bin(double probability, double share, int rows) {}

  /** Rows as they come, each with the probability that a curve of other rows gave it. */
  public static final class Collected {
    private final List<Double> probabilities = new ArrayList<>();
    private final List<Boolean> positive = new ArrayList<>();

    /** No rows yet. */
    public Collected() {}

    /** One row more. */
    public void add(double probability, boolean isPositive) {
      probabilities.add(probability);
      positive.add(isPositive);
    }

    /**
     * What they come to; empty where there are none.
     *
     * @param random draws the labels of true probabilities
     */
    public Optional<Reliability> reliability(RandomGenerator random) {
      boolean[] labels = new boolean[positive.size()];
      for (int row = 0; row < labels.length; row++) {
        labels[row] = positive.get(row);
      }
      return labels.length == 0
          ? Optional.empty()
          : Optional.of(
              of(
                  probabilities.stream().mapToDouble(Double::doubleValue).toArray(),
                  labels,
                  random));
    }
  }

  /**
   * Cuts rows into ten bins, or fewer where there are not a hundred.
   *
   * @param probabilities one a row, at least one
   * @param positive one a row
   * @param random draws the labels of true probabilities
   */
  public static Reliability of(double[] probabilities, boolean[] positive, RandomGenerator random) {
    int[] ascending = Ranks.ascending(probabilities);
    int count = Math.clamp(probabilities.length / BINS, 1, BINS);
    List<Bin> bins = binned(probabilities, positive, ascending, count);
    double squares = 0;
    for (int row = 0; row < positive.length; row++) {
      double apart = probabilities[row] - (positive[row] ? 1 : 0);
      squares += apart * apart / positive.length;
    }
    double ifTrue = 0;
    boolean[] drawn = new boolean[positive.length];
    for (int draw = 0; draw < DRAWS; draw++) {
      for (int row = 0; row < drawn.length; row++) {
        drawn[row] = random.nextDouble() < probabilities[row];
      }
      ifTrue += error(binned(probabilities, drawn, ascending, count)) / DRAWS;
    }
    return new Reliability(bins, error(bins), ifTrue, squares);
  }

  private static List<Bin> binned(
      double[] probabilities, boolean[] positive, int[] ascending, int count) {
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < count; b++) {
      int from = (int) ((long) b * ascending.length / count);
      int to = (int) ((long) (b + 1) * ascending.length / count);
      double sum = 0;
      int hits = 0;
      for (int i = from; i < to; i++) {
        sum += probabilities[ascending[i]];
        hits += positive[ascending[i]] ? 1 : 0;
      }
      bins.add(new Bin(sum / (to - from), (double) hits / (to - from), to - from));
    }
    return bins;
  }

  private static double error(List<Bin> bins) {
    double rows = bins.stream().mapToInt(Bin::rows).sum();
    return bins.stream()
        .mapToDouble(bin -> Math.abs(bin.probability() - bin.share()) * bin.rows() / rows)
        .sum();
  }

  /** The rows of all bins. */
  public int rows() {
    return bins.stream().mapToInt(Bin::rows).sum();
  }
}
