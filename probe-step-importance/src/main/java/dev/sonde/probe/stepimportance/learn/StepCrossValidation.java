package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.statistics.GroupFolds;
import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Cross-validation: every step is scored by a classifier that did not see its fold. */
public final class StepCrossValidation {
  private final LinearAlgebra algebra;
  private final LongSupplier seeds;

  /**
   * A cross-validation.
   *
   * @param seeds gives a seed for each fit
   */
  public StepCrossValidation(LinearAlgebra algebra, LongSupplier seeds) {
    this.algebra = algebra;
    this.seeds = seeds;
  }

  /**
   * Held-out scores by a network, positive ones above 0.
   *
   * @param folds one per row; rows behind the labelled ones are scored and never learnt
   */
  public double[] network(
      Features features, boolean[] labels, int[] folds, Network.Training training) {
    return scores(
        features,
        labels,
        folds,
        (fold, positive) -> {
          RandomGenerator random =
              RandomGeneratorFactory.of("L64X128MixRandom").create(seeds.getAsLong());
          return Network.train(fold.train(), positive, training, algebra, random)
              .scores(fold.test());
        });
  }

  /** Held-out scores by ridge regression in closed form, positive ones above 0. */
  public double[] ridge(Features features, boolean[] labels, int[] folds) {
    return scores(
        features,
        labels,
        folds,
        (fold, positive) -> RidgeClassifier.scores(fold, positive, algebra));
  }

  @FunctionalInterface
  private interface Fit {
    double[] scores(Features.Fold fold, boolean[] positive);
  }

  private static double[] scores(Features features, boolean[] labels, int[] folds, Fit fit) {
    double[] scores = new double[folds.length];
    for (int fold = 0; fold < GroupFolds.count(folds); fold++) {
      int[] train = GroupFolds.training(Arrays.copyOf(folds, labels.length), fold);
      int[] test = GroupFolds.heldOut(folds, fold);
      boolean[] positive = new boolean[train.length];
      for (int i = 0; i < train.length; i++) {
        positive[i] = labels[train[i]];
      }
      double[] held = fit.scores(features.of(train, test), positive);
      for (int i = 0; i < test.length; i++) {
        scores[test[i]] = held[i];
      }
    }
    return scores;
  }

  /** Which scores lie on their label's side. */
  public static boolean[] right(double[] scores, boolean[] labels) {
    boolean[] right = new boolean[scores.length];
    for (int i = 0; i < scores.length; i++) {
      right[i] = (scores[i] > 0) == labels[i];
    }
    return right;
  }

  /** 1 where something is so, 0 where it is not: a share is their mean. */
  public static double[] share(boolean[] is) {
    double[] values = new double[is.length];
    Arrays.setAll(values, i -> is[i] ? 1 : 0);
    return values;
  }
}
