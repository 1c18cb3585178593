package dev.sonde.engine.evaluate.fit;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.GroupFolds;
import dev.sonde.statistics.Groups;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Assigns rows to folds of cross-validation. */
public final class Folds {
  private Folds() {}

  /** Folds that keep groups whole and know nothing of labels, see {@link GroupFolds#blind}. */
  public static int[] grouped(List<String> groups, int count, RandomGenerator random) {
    return GroupFolds.blind(Groups.of(groups), count, random);
  }

  /**
   * Folds that keep groups whole and both classes as balanced as the groups allow, see {@link
   * GroupFolds#balanced}: for what is no test. Graded targets count as two classes, above the mean
   * and not.
   *
   * @return per row its fold, 0 to at most {@code count} − 1
   */
  public static int[] balanced(
      List<String> groups, Targets targets, int count, RandomGenerator random) {
    return GroupFolds.balanced(Groups.of(groups), aboveMean(targets), count, random);
  }

  private static boolean[] aboveMean(Targets targets) {
    double mean = targets.mean();
    boolean[] above = new boolean[targets.size()];
    for (int row = 0; row < above.length; row++) {
      above[row] = targets.value(row) > mean;
    }
    return above;
  }

  /**
   * The rows of each group, groups in a random order in which both classes come evenly: groups with
   * mostly positive rows and the others take turns in proportion to their numbers.
   */
  public static List<int[]> balancedOrder(
      List<String> groups, Targets targets, RandomGenerator random) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int row = 0; row < groups.size(); row++) {
      members.computeIfAbsent(groups.get(row), g -> new ArrayList<>()).add(row);
    }
    List<List<Integer>> shuffled = new ArrayList<>(members.values());
    Collections.shuffle(shuffled, Random.from(random));
    Map<Boolean, List<int[]>> byClass =
        shuffled.stream()
            .map(rows -> rows.stream().mapToInt(Integer::intValue).toArray())
            .collect(Collectors.partitioningBy(rows -> targets.select(rows).mean() > 0.5));
    return byClass.values().stream()
        .flatMap(
            ofClass ->
                IntStream.range(0, ofClass.size())
                    .mapToObj(i -> new Turn(ofClass.get(i), (i + 0.5) / ofClass.size())))
        .sorted(Comparator.comparingDouble(Turn::at))
        .map(Turn::rows)
        .toList();
  }

  /** When a group comes, between 0 and 1. */
  private record Turn(int[] rows, double at) {}

  /** Each group a fold of its own. */
  public static int[] leaveOneGroupOut(List<String> groups) {
    Groups numbered = Groups.of(groups);
    return IntStream.range(0, groups.size()).map(numbered::of).toArray();
  }

  /** Folds that ignore groups and labels. */
  public static int[] rowwise(int rows, int count, RandomGenerator random) {
    return GroupFolds.blind(Groups.ofSingleRows(rows), count, random);
  }

  /** The splits in which each fold is held out once. */
  public static List<Split> splits(int[] fold) {
    return IntStream.range(0, GroupFolds.count(fold))
        .mapToObj(
            held -> new Split(GroupFolds.training(fold, held), GroupFolds.heldOut(fold, held)))
        .toList();
  }

  /** The same rows of a split's training side, parted again. */
  public static List<Split> within(int[] rows, List<Split> inner) {
    return inner.stream()
        .map(split -> new Split(choose(rows, split.train()), choose(rows, split.test())))
        .toList();
  }

  private static int[] choose(int[] rows, int[] indices) {
    return Arrays.stream(indices).map(i -> rows[i]).toArray();
  }
}
