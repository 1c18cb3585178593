package dev.sonde.probe.stepimportance.learn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Folds of a cross-validation. */
public final class Splits {
  private Splits() {}

  /** The fold of each row; rows of a group share theirs. Fewer groups than folds give fewer. */
  public static int[] grouped(List<String> groups, int folds, RandomGenerator random) {
    List<String> distinct = new ArrayList<>(new LinkedHashSet<>(groups));
    Collections.shuffle(distinct, Random.from(random));
    return groups.stream().mapToInt(group -> distinct.indexOf(group) % folds).toArray();
  }

  /** The fold of each row, whatever its group: leaky. */
  public static int[] byStep(int rows, int folds, RandomGenerator random) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows).boxed().toList());
    Collections.shuffle(order, Random.from(random));
    int[] fold = new int[rows];
    for (int i = 0; i < rows; i++) {
      fold[order.get(i)] = i % folds;
    }
    return fold;
  }

  /** The rows of a fold, or all others. */
  public static int[] rows(int[] folds, int fold, boolean inside) {
    return IntStream.range(0, folds.length).filter(r -> (folds[r] == fold) == inside).toArray();
  }

  /** How many folds there are. */
  public static int count(int[] folds) {
    return (int) Arrays.stream(folds).distinct().count();
  }
}
