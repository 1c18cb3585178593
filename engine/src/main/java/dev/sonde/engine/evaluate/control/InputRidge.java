package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.fit.AtOnce;
import dev.sonde.engine.evaluate.fit.Folds;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Scored;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.engine.experiment.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A ridge regression on what needs no trained model, with the probe's own chance: the same splits,
 * and the penalty chosen on inner folds of each training side.
 */
final class InputRidge {
  /** In units of the mean squared length of the centred features; the strongest first. */
  private static final double[] PENALTIES = {1000, 100, 10, 1, 0.1, 0.01};

  /** From so many training rows on one inner fold is enough to choose by. */
  private static final int MANY = 20_000;

  private final Targets targets;
  private final List<String> groups;
  private final int innerFolds;
  private final Seeds seeds;

  InputRidge(Targets targets, List<String> groups, int innerFolds, Seeds seeds) {
    this.targets = targets;
    this.groups = groups;
    this.innerFolds = innerFolds;
    this.seeds = seeds;
  }

  /** The scores of held-out rows. */
  HeldOutScores heldOut(RivalFeatures features, List<Split> splits) {
    double[] scores = new double[targets.size()];
    Arrays.fill(scores, Double.NaN);
    List<double[]> folds =
        AtOnce.each(
            IntStream.range(0, splits.size()).boxed().toList(),
            s -> {
              Split split = splits.get(s);
              double penalty = PENALTIES[chosen(features, split.train(), s)];
              return predict(features, split, penalty)[0];
            },
            done -> {});
    for (int s = 0; s < splits.size(); s++) {
      for (int i = 0; i < folds.get(s).length; i++) {
        scores[splits.get(s).test()[i]] = folds.get(s)[i];
      }
    }
    return new HeldOutScores(scores, splits, targets);
  }

  /** The penalty that does best on inner folds, of equals the strongest. */
  private int chosen(RivalFeatures features, int[] train, int split) {
    List<String> within = Arrays.stream(train).mapToObj(groups::get).toList();
    int[] folds =
        Folds.grouped(within, innerFolds, seeds.random("inner folds of baselines " + split));
    List<Split> inner = Folds.within(train, Folds.splits(folds));
    if (train.length > MANY) {
      inner = inner.subList(0, 1);
    }
    double[][] scores = new double[PENALTIES.length][targets.size()];
    for (Split each : inner) {
      double[][] predicted = predict(features, each, PENALTIES);
      for (int p = 0; p < predicted.length; p++) {
        for (int i = 0; i < each.test().length; i++) {
          scores[p][each.test()[i]] = predicted[p][i];
        }
      }
    }
    int best = 0;
    double reached = Double.NEGATIVE_INFINITY;
    for (int p = 0; p < PENALTIES.length; p++) {
      double merit = Scored.rank(new HeldOutScores(scores[p], inner, targets).merit().value());
      if (merit > reached) {
        best = p;
        reached = merit;
      }
    }
    return best;
  }

  private double[][] predict(RivalFeatures features, Split split, double... penalties) {
    return features.predict(
        split.train(),
        split.test(),
        Arrays.stream(split.train()).mapToDouble(targets::value).toArray(),
        penalties);
  }
}
