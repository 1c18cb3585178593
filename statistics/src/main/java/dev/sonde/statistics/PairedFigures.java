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

  /**
   * A figure of each, and the first less the second.
   *
   * @param groups how many groups hold rows that count
   */
  public record Pair(Estimate first, Estimate second, Estimate difference, int groups) {}

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

  /**
   * The AUROC within folds. The difference is the share of pairs that only the first ranks right
   * less that of those that only the second does.
   */
  public Pair auroc(double[] first, double[] second) {
    FoldAuroc ofFirst = FoldAuroc.of(first, positive, folds);
    FoldAuroc ofSecond = FoldAuroc.of(second, positive, folds);
    TurnedPairs lost = new TurnedPairs(first, second, positive, folds);
    TurnedPairs gained = new TurnedPairs(second, first, positive, folds);
    int[] rows = rows(row -> true);
    GroupJackknife among = jackknife.among(rows);
    int rarer = Math.min(holding(row -> positive[row]), holding(row -> !positive[row]));
    return new Pair(
        among.bounded(ofFirst::value, 0, 1, rarer),
        among.bounded(ofSecond::value, 0, 1, rarer),
        among.differenceOfShares(lost::share, gained::share, rarer),
        holding(row -> true));
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

  /**
   * The share of some held-out rows that have a mark. The difference is the share of rows that lost
   * it from the first to the second less that of rows that gained it.
   */
  public Pair share(double[] first, double[] second, IntPredicate counted) {
    int[] rows = rows(counted);
    GroupJackknife among = jackknife.among(rows);
    int independent = holding(counted);
    return new Pair(
        among.bounded(weights -> WeightedMean.of(first, rows, weights), 0, 1, independent),
        among.bounded(weights -> WeightedMean.of(second, rows, weights), 0, 1, independent),
        among.differenceOfShares(
            marks(rows, row -> first[row] > second[row]),
            marks(rows, row -> second[row] > first[row]),
            independent),
        independent);
  }

  private static ToDoubleFunction<double[]> marks(int[] rows, IntPredicate marked) {
    double[] marks = new double[IntStream.of(rows).max().orElse(-1) + 1];
    for (int row : rows) {
      marks[row] = marked.test(row) ? 1 : 0;
    }
    return weights -> WeightedMean.of(marks, rows, weights);
  }

  /** The mean over some held-out rows. */
  public Pair mean(double[] first, double[] second, IntPredicate counted) {
    int[] rows = rows(counted);
    double[] difference = new double[first.length];
    Arrays.setAll(difference, row -> first[row] - second[row]);
    return new Pair(
        jackknife.mean(first, rows),
        jackknife.mean(second, rows),
        jackknife.mean(difference, rows),
        holding(counted));
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
