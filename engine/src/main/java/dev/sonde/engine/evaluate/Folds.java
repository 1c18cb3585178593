package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
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
final class Folds {
  private Folds() {}

  /**
   * Folds that keep groups whole and both classes as balanced as the groups allow: the largest
   * groups first, each to the fold where it disturbs the balance least. Graded targets count as two
   * classes, above the mean and not.
   *
   * @return per row its fold, 0 to at most {@code count} − 1
   */
  static int[] grouped(List<String> groups, Targets targets, int count, RandomGenerator random) {
    Map<String, List<Integer>> members = new LinkedHashMap<>();
    for (int row = 0; row < groups.size(); row++) {
      members.computeIfAbsent(groups.get(row), g -> new ArrayList<>()).add(row);
    }
    List<List<Integer>> order = new ArrayList<>(members.values());
    Collections.shuffle(order, Random.from(random));
    order.sort(Comparator.comparingInt(rows -> -rows.size()));
    int folds = Math.min(count, order.size());
    double mean = targets.mean();
    double[] classSizes = new double[2];
    for (int row = 0; row < groups.size(); row++) {
      classSizes[targets.value(row) > mean ? 1 : 0]++;
    }
    double[][] filled = new double[folds][2];
    int[] fold = new int[groups.size()];
    for (List<Integer> rows : order) {
      double[] share = new double[2];
      for (int row : rows) {
        int side = targets.value(row) > mean ? 1 : 0;
        share[side] += 1 / Math.max(1, classSizes[side]);
      }
      int best = 0;
      for (int f = 1; f < folds; f++) {
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

  /** By how much the sum of squared class shares grows. */
  private static double disturbance(double[] filled, double[] share) {
    double growth = 0;
    for (int side = 0; side < 2; side++) {
      growth += (filled[side] + share[side]) * (filled[side] + share[side]);
      growth -= filled[side] * filled[side];
    }
    return growth;
  }

  /**
   * The rows of each group, groups in a random order in which both classes come evenly: groups with
   * mostly positive rows and the others take turns in proportion to their numbers.
   */
  static List<int[]> balancedOrder(List<String> groups, Targets targets, RandomGenerator random) {
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
  static int[] leaveOneGroupOut(List<String> groups) {
    List<String> distinct = groups.stream().distinct().toList();
    return groups.stream().mapToInt(distinct::indexOf).toArray();
  }

  /** Folds that ignore groups, balanced by class. */
  static int[] rowwise(Targets targets, int count, RandomGenerator random) {
    List<String> single = IntStream.range(0, targets.size()).mapToObj(Integer::toString).toList();
    return grouped(single, targets, count, random);
  }

  /** The splits in which each fold is held out once. */
  static List<Split> splits(int[] fold) {
    int count = Arrays.stream(fold).max().orElseThrow() + 1;
    return IntStream.range(0, count)
        .mapToObj(held -> new Split(rowsWhere(fold, held, false), rowsWhere(fold, held, true)))
        .toList();
  }

  private static int[] rowsWhere(int[] fold, int held, boolean equal) {
    return IntStream.range(0, fold.length).filter(r -> (fold[r] == held) == equal).toArray();
  }

  /** The same rows of a split's training side, parted again. */
  static List<Split> within(int[] rows, List<Split> inner) {
    return inner.stream()
        .map(split -> new Split(choose(rows, split.train()), choose(rows, split.test())))
        .toList();
  }

  private static int[] choose(int[] rows, int[] indices) {
    return Arrays.stream(indices).map(i -> rows[i]).toArray();
  }
}
