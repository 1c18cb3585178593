package dev.sonde.engine.evaluate.fit;

import dev.sonde.engine.experiment.Seeds;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Several ways to part the same groups into folds. The fewer groups there are, the more a figure
 * depends on which of them happen to be held out together; a mean over partitions does so less.
 */
public final class Partitions {
  /** Partitions at most. */
  private static final int MOST = 10;

  /** So many groups, over all partitions, are enough: 24 groups ten times, 240 once. */
  private static final int GROUPS = 240;

  private Partitions() {}

  /** How many partitions so many groups get. */
  public static int count(long groups) {
    return Math.clamp(GROUPS / Math.max(1, groups), 1, MOST);
  }

  /** The splits of every partition; none of them knows labels. */
  public static List<List<Split>> of(List<String> groups, int folds, Seeds seeds) {
    return IntStream.range(0, count(groups.stream().distinct().count()))
        .mapToObj(
            i ->
                Folds.splits(
                    Folds.grouped(
                        groups, folds, seeds.random("outer folds" + (i == 0 ? "" : " " + i)))))
        .toList();
  }
}
