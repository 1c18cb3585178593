package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.experiment.Seeds;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {
  private static final Seeds SEEDS = new Seeds(1);

  @Test
  void aGroupIsNeverSplit() {
    List<String> groups = groups(60, 13);
    int[] folds = Folds.grouped(groups, alternating(60), 5, SEEDS.random("folds"));
    Map<String, Integer> foldOfGroup = new HashMap<>();
    for (int row = 0; row < folds.length; row++) {
      Integer before = foldOfGroup.putIfAbsent(groups.get(row), folds[row]);
      assertThat(before == null || before == folds[row]).isTrue();
    }
  }

  @Test
  void everyFoldHoldsBothClassesWhereGroupsAreOfOneClass() {
    List<String> groups = IntStream.range(0, 240).mapToObj(row -> "g" + row / 10).toList();
    boolean[] positive = new boolean[240];
    Arrays.fill(positive, 0, 120, true);
    Targets targets = Targets.binary(positive);
    int[] folds = Folds.grouped(groups, targets, 5, SEEDS.random("folds"));
    for (Split split : Folds.splits(folds)) {
      Targets held = targets.select(split.test());
      assertThat((double) held.positives() / held.size()).isCloseTo(0.5, within(0.11));
    }
  }

  @Test
  void splitsHoldEveryRowOutOnce() {
    int[] folds = Folds.rowwise(alternating(23), 4, SEEDS.random("folds"));
    List<Split> splits = Folds.splits(folds);
    assertThat(splits).hasSize(4);
    assertThat(splits.stream().flatMapToInt(s -> Arrays.stream(s.test())).sorted().toArray())
        .containsExactly(IntStream.range(0, 23).toArray());
    for (Split split : splits) {
      assertThat(split.train().length + split.test().length).isEqualTo(23);
      assertThat(
              Arrays.stream(split.test()).filter(r -> Arrays.binarySearch(split.train(), r) >= 0))
          .isEmpty();
    }
  }

  @Test
  void thereAreNoMoreFoldsThanGroups() {
    int[] folds = Folds.grouped(groups(20, 3), alternating(20), 5, SEEDS.random("folds"));
    assertThat(Arrays.stream(folds).max()).hasValue(2);
  }

  @Test
  void theSameSeedGivesTheSameFolds() {
    List<String> groups = groups(60, 13);
    int[] first = Folds.grouped(groups, alternating(60), 5, SEEDS.random("folds"));
    int[] second = Folds.grouped(groups, alternating(60), 5, SEEDS.random("folds"));
    int[] other = Folds.grouped(groups, alternating(60), 5, new Seeds(2).random("folds"));
    assertThat(second).containsExactly(first);
    assertThat(other).isNotEqualTo(first);
  }

  private static List<String> groups(int rows, int count) {
    return IntStream.range(0, rows).mapToObj(row -> "g" + (row * 7) % count).toList();
  }

  private static Targets alternating(int rows) {
    boolean[] positive = new boolean[rows];
    for (int row = 0; row < rows; row += 2) {
      positive[row] = true;
    }
    return Targets.binary(positive);
  }
}
