package dev.sonde.engine.evaluate.fit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.experiment.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {
  private static final Seeds SEEDS = new Seeds(1);

  @Test
  void gradedTargetsAreBalancedAsTwoClasses() {
    double[] graded = new double[40];
    for (int row = 0; row < 40; row++) {
      graded[row] = row < 20 ? row : 100 + row;
    }
    List<String> groups = IntStream.range(0, 40).mapToObj(row -> "g" + row / 4).toList();
    int[] folds = Folds.balanced(groups, Targets.real(graded), 5, SEEDS.random("folds"));
    for (Split split : Folds.splits(folds)) {
      assertThat(Arrays.stream(split.test()).filter(row -> row < 20)).hasSize(4);
    }
  }

  @Test
  void everyGroupIsAFoldOfItsOwn() {
    assertThat(Folds.leaveOneGroupOut(List.of("b", "a", "b", "c"))).containsExactly(0, 1, 0, 2);
  }

  @Test
  void splitsHoldEveryRowOutOnce() {
    int[] folds = Folds.rowwise(23, 4, SEEDS.random("folds"));
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
}
