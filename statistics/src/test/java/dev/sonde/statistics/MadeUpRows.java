package dev.sonde.statistics;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Rows in groups: each row's score is what its group has in common, noise of its own, and a shift
 * where it is positive.
 *
 * @param groups of 2 to 13 rows
 */
record MadeUpRows(Groups groups, double[] scores, boolean[] positive) {
  /** The standard deviation of what rows of a group have in common; that of the noise is 1. */
  static final double COMMON = 0.7;

  private static final int FEWEST = 2;
  private static final int MOST = 13;

  /** Which rows are positive. */
  enum Labels {
    /** All rows of every other group. */
    OF_GROUPS,
    /** About half the rows of each group. */
    OF_ROWS
  }

  static MadeUpRows draw(int count, Labels labels, double shift, RandomGenerator random) {
    int[] sizes = random.ints(count, FEWEST, MOST + 1).toArray();
    int rows = Arrays.stream(sizes).sum();
    Integer[] groups = new Integer[rows];
    double[] scores = new double[rows];
    boolean[] positive = new boolean[rows];
    int row = 0;
    for (int group = 0; group < count; group++) {
      double common = COMMON * random.nextGaussian();
      for (int i = 0; i < sizes[group]; i++) {
        groups[row] = group;
        positive[row] = labels == Labels.OF_GROUPS ? group % 2 == 0 : random.nextBoolean();
        scores[row] = common + random.nextGaussian() + (positive[row] ? shift : 0);
        row++;
      }
    }
    return new MadeUpRows(Groups.of(Arrays.asList(groups)), scores, positive);
  }

  double auroc() {
    return Auroc.count(scores, positive).auroc();
  }

  double[] labels() {
    double[] labels = new double[positive.length];
    Arrays.setAll(labels, row -> positive[row] ? 1 : 0);
    return labels;
  }

  /** The AUROC of the same scores and other labels. */
  double auroc(double[] labels) {
    boolean[] other = new boolean[labels.length];
    for (int row = 0; row < other.length; row++) {
      other[row] = labels[row] > 0.5;
    }
    return Auroc.count(scores, other).auroc();
  }
}
