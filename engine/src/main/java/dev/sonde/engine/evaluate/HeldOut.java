package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Held-out scores and the folds they come from. Scores of different folds come from different fits
 * and are compared within a fold only, except in the pooled figure.
 *
 * @param scores per row; NaN for rows that were never held out
 * @param folds the held-out rows of each fold, sorted by score
 * @param pooled all held-out rows, sorted by score
 */
record HeldOut(double[] scores, List<Ranking> folds, Ranking pooled) {
  static HeldOut of(double[] scores, List<Split> splits, Targets targets) {
    int[] all = IntStream.range(0, scores.length).filter(r -> !Double.isNaN(scores[r])).toArray();
    List<Ranking> folds =
        splits.stream().map(split -> Ranking.of(split.test(), scores, targets)).toList();
    return new HeldOut(scores, folds, Ranking.of(all, scores, targets));
  }

  /** Mean over folds of the AUROC within the fold, weighted by pairs; NaN where there is none. */
  double auroc() {
    return auroc(row -> 1);
  }

  double auroc(Ranking.Weight weight) {
    return folds.stream()
        .map(fold -> fold.pairs(weight))
        .reduce(Ranking.Pairs.NONE, Ranking.Pairs::plus)
        .auroc();
  }

  double pooledAuroc(Ranking.Weight weight) {
    return pooled.pairs(weight).auroc();
  }

  int rows() {
    return (int) Arrays.stream(scores).filter(s -> !Double.isNaN(s)).count();
  }
}
