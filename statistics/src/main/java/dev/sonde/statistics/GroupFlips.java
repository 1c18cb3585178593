package dev.sonde.statistics;

import java.util.random.RandomGenerator;

/**
 * Labelings of contrast pairs under the null hypothesis that nothing tells the two rows of a pair
 * apart: they are as likely labelled the other way round. Pairs of a group, such as paraphrases,
 * are not independent, so all labels of a group turn over together or none does. What pairs differ
 * in among each other stays as it is in every labeling.
 */
public final class GroupFlips {
  private final double[] labels;
  private final Groups groups;
  private final double sum;

  /**
   * Flips of some labels.
   *
   * @param labels one per row, of two values; each group holds as many rows of one as of the other
   */
  public GroupFlips(double[] labels, Groups groups) {
    this.labels = labels.clone();
    this.groups = groups;
    double smallest = Double.POSITIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (double label : labels) {
      smallest = Math.min(smallest, label);
      largest = Math.max(largest, label);
    }
    this.sum = smallest + largest;
  }

  /** The labels of a labeling drawn at random, one per row. */
  public double[] draw(RandomGenerator random) {
    boolean[] turned = new boolean[groups.count()];
    for (int group = 0; group < turned.length; group++) {
      turned[group] = random.nextBoolean();
    }
    double[] drawn = labels.clone();
    for (int row = 0; row < drawn.length; row++) {
      if (turned[groups.of(row)]) {
        drawn[row] = sum - drawn[row];
      }
    }
    return drawn;
  }

  /** The smallest p that so many draws, or all labelings there are, can reach. */
  public double smallestReachable(int draws) {
    return Math.max(1.0 / (draws + 1), Math.pow(2, -groups.count()));
  }
}
