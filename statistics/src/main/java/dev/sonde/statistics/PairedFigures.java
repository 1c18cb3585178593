package dev.sonde.statistics;

import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Two ways to score the same held-out rows, side by side: the figure of each, and the first less
 * the second, paired by groups. What both have in common, such as hard rows, is no difference.
 */
public final class PairedFigures {
  private final Groups groups;
  private final boolean[] positive;
  private final int[] folds;
  private final GroupJackknife jackknife;

  /** A figure of each, and the first less the second. */
  public record Pair(Estimate first, Estimate second, Estimate difference) {}

  /**
   * Rows to compare on.
   *
   * @param positive one per row
   * @param folds which fold held a row out; rows of negative numbers do not count
   */
  public PairedFigures(Groups groups, boolean[] positive, int[] folds, RandomGenerator random) {
    this.groups = groups;
    this.positive = positive.clone();
    this.folds = folds.clone();
    this.jackknife = new GroupJackknife(groups, random);
  }

  /** The AUROC within folds. */
  public Pair auroc(double[] first, double[] second) {
    FoldAuroc ofFirst = FoldAuroc.of(first, positive, folds);
    FoldAuroc ofSecond = FoldAuroc.of(second, positive, folds);
    int rarer = Math.min(holding(row -> positive[row]), holding(row -> !positive[row]));
    return new Pair(
        jackknife.bounded(ofFirst::value, 0, 1, rarer),
        jackknife.bounded(ofSecond::value, 0, 1, rarer),
        jackknife.difference(ofFirst::value, ofSecond::value, 0, 1, rarer));
  }

  /**
   * The share of held-out rows of one class that have a mark.
   *
   * @param first per row 1 or 0
   * @param second per row 1 or 0
   */
  public Pair share(double[] first, double[] second, boolean ofPositive) {
    return share(first, second, row -> positive[row] == ofPositive);
  }

  /** The share of some held-out rows that have a mark. */
  public Pair share(double[] first, double[] second, IntPredicate counted) {
    int[] rows = rows(counted);
    ToDoubleFunction<double[]> ofFirst = weights -> WeightedMean.of(first, rows, weights);
    ToDoubleFunction<double[]> ofSecond = weights -> WeightedMean.of(second, rows, weights);
    int independent = holding(counted);
    return new Pair(
        jackknife.bounded(ofFirst, 0, 1, independent),
        jackknife.bounded(ofSecond, 0, 1, independent),
        jackknife.differenceOfShares(ofFirst, ofSecond, independent));
  }

  /** The mean over some held-out rows. */
  public Pair mean(double[] first, double[] second, IntPredicate counted) {
    int[] rows = rows(counted);
    double[] difference = new double[first.length];
    Arrays.setAll(difference, row -> first[row] - second[row]);
    return new Pair(
        jackknife.mean(first, rows),
        jackknife.mean(second, rows),
        jackknife.mean(difference, rows));
  }

  private int[] rows(IntPredicate counted) {
    return IntStream.range(0, folds.length)
        .filter(row -> folds[row] >= 0 && counted.test(row))
        .toArray();
  }

  /** How many groups hold held-out rows that count. */
  private int holding(IntPredicate counted) {
    return (int) IntStream.of(rows(counted)).map(groups::of).distinct().count();
  }
}
