package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The AUROC of held-out scores over pairs of rows of one fold: scores of different folds come from
 * different fits.
 */
public final class FoldAuroc {
  private final List<Fold> folds;

  private record Fold(int[] rows, Auroc auroc) {
    Auroc.Pairs pairs(double[] weights) {
      return auroc.pairs(Arrays.stream(rows).mapToDouble(row -> weights[row]).toArray());
    }
  }

  private FoldAuroc(List<Fold> folds) {
    this.folds = List.copyOf(folds);
  }

  /**
   * Sorts rows by score.
   *
   * @param scores one per row
   * @param positive one per row
   * @param folds which fold held a row out; rows of negative numbers do not count
   */
  public static FoldAuroc of(double[] scores, boolean[] positive, int[] folds) {
    List<Fold> sorted = new ArrayList<>();
    for (int fold : IntStream.of(folds).filter(f -> f >= 0).distinct().toArray()) {
      int[] rows = IntStream.range(0, folds.length).filter(row -> folds[row] == fold).toArray();
      double[] own = Arrays.stream(rows).mapToDouble(row -> scores[row]).toArray();
      boolean[] labels = new boolean[rows.length];
      for (int i = 0; i < rows.length; i++) {
        labels[i] = positive[rows[i]];
      }
      sorted.add(new Fold(rows, Auroc.of(own, labels)));
    }
    return new FoldAuroc(sorted);
  }

  /** The AUROC with each row as often as its weight says; NaN where no fold has a pair. */
  public double value(double[] weights) {
    return folds.stream()
        .map(fold -> fold.pairs(weights))
        .reduce(new Auroc.Pairs(0, 0), Auroc.Pairs::plus)
        .auroc();
  }
}
