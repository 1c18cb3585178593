package dev.sonde.statistics;

import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Folds of a cross-validation that keep groups whole. */
public final class GroupFolds {
  private GroupFolds() {}

  /**
   * Folds in which both classes are as balanced as the groups allow: the largest groups first, each
   * to the fold where it disturbs the balance least, equal ones in a random order. With {@link
   * Groups#ofSingleRows single rows} they are stratified folds of rows.
   *
   * @param positive the class of each row; one class only balances sizes
   * @param folds how many; fewer groups give fewer
   * @return per row its fold, from 0
   */
  public static int[] balanced(
      Groups groups, boolean[] positive, int folds, RandomGenerator random) {
    List<int[]> order = groups.members();
    Collections.shuffle(order, Random.from(random));
    order.sort(Comparator.comparingInt(rows -> -rows.length));
    int count = Math.min(folds, order.size());
    double[] classSizes = new double[2];
    for (boolean each : positive) {
      classSizes[each ? 1 : 0]++;
    }
    double[][] filled = new double[count][2];
    int[] fold = new int[groups.rows()];
    for (int[] rows : order) {
      double[] share = new double[2];
      for (int row : rows) {
        int side = positive[row] ? 1 : 0;
        share[side] += 1 / Math.max(1, classSizes[side]);
      }
      int best = 0;
      for (int f = 1; f < count; f++) {
        if (disturbance(filled[f], share) < disturbance(filled[best], share)) {
          best = f;
        }
      }
      filled[best][0] += share[0];
      filled[best][1] += share[1];
      for (int row : rows) {
        fold[row] = best;
      }
    }
    return fold;
  }

  /**
   * Folds of about equal size that know nothing of labels. Tests that exchange labels need them: a
   * figure on folds that were balanced on the observed labels is another function of every other
   * labeling.
   *
   * @param folds how many; fewer groups give fewer
   * @return per row its fold, from 0
   */
  public static int[] blind(Groups groups, int folds, RandomGenerator random) {
    return balanced(groups, new boolean[groups.rows()], folds, random);
  }

  /** By how much the sum of squared class shares grows. */
  private static double disturbance(double[] filled, double[] share) {
    double growth = 0;
    for (int side = 0; side < 2; side++) {
      growth += (filled[side] + share[side]) * (filled[side] + share[side]);
      growth -= filled[side] * filled[side];
    }
    return growth;
  }

  /** How many folds there are. */
  public static int count(int[] folds) {
    return Arrays.stream(folds).max().orElse(-1) + 1;
  }

  /** The rows of a fold, which is held out. */
  public static int[] heldOut(int[] folds, int fold) {
    return IntStream.range(0, folds.length).filter(row -> folds[row] == fold).toArray();
  }

  /** The rows of all other folds. */
  public static int[] training(int[] folds, int fold) {
    return IntStream.range(0, folds.length).filter(row -> folds[row] != fold).toArray();
  }
}
