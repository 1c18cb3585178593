package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The pairs of a positive and a negative row of one fold that one way of scoring puts into the
 * right order and another does not: their share is what the AUROC within folds loses where nothing
 * is gained. Ties count half.
 */
final class TurnedPairs {
  private final List<Fold> folds = new ArrayList<>();
  private final double[] scores;
  private final double[] others;

  /** Of each positive row, how many pairs that it is in. */
  private final double[] ofPositive;

  private record Fold(int[] positives, int[] negatives) {}

  /**
   * Counts pairs: the time is that of as many comparisons as there are pairs within folds.
   *
   * @param scores one per row, which put them right
   * @param others which do not
   * @param folds which fold held a row out; rows of negative numbers do not count
   */
  TurnedPairs(double[] scores, double[] others, boolean[] positive, int[] folds) {
    this.scores = scores;
    this.others = others;
    this.ofPositive = new double[scores.length];
    for (int fold : IntStream.of(folds).filter(f -> f >= 0).distinct().toArray()) {
      int[] rows = IntStream.range(0, folds.length).filter(row -> folds[row] == fold).toArray();
      Fold of =
          new Fold(
              IntStream.of(rows).filter(row -> positive[row]).toArray(),
              IntStream.of(rows).filter(row -> !positive[row]).toArray());
      this.folds.add(of);
      for (int above : of.positives()) {
        for (int below : of.negatives()) {
          ofPositive[above] += turned(above, below);
        }
      }
    }
  }

  private double turned(int above, int below) {
    return Math.max(0, right(scores, above, below) - right(others, above, below));
  }

  private static double right(double[] scores, int above, int below) {
    return scores[above] > scores[below] ? 1 : scores[above] == scores[below] ? 0.5 : 0;
  }

  /**
   * Their share of all pairs; NaN where there are none.
   *
   * @param weights one per row, 0 or 1
   */
  double share(double[] weights) {
    double turned = 0;
    double pairs = 0;
    for (Fold fold : folds) {
      int[] above = some(fold.positives(), weights, 1);
      int[] below = some(fold.negatives(), weights, 1);
      int[] out = some(fold.negatives(), weights, 0);
      for (int row : above) {
        turned += ofPositive[row];
        for (int other : out) {
          turned -= turned(row, other);
        }
      }
      pairs += (double) above.length * below.length;
    }
    return turned / pairs;
  }

  private static int[] some(int[] rows, double[] weights, double weight) {
    return IntStream.of(rows).filter(row -> weights[row] == weight).toArray();
  }
}
