package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupFoldsTest {
  private final Groups groups =
      Groups.of(IntStream.range(0, 60).mapToObj(row -> row * 7 % 13).toList());
  private final boolean[] alternating = new boolean[60];

  GroupFoldsTest() {
    for (int row = 0; row < 60; row += 2) {
      alternating[row] = true;
    }
  }

  private int[] folds(int count, long seed) {
    return GroupFolds.balanced(groups, alternating, count, new Random(seed));
  }

  @Test
  void aGroupIsNeverSplit() {
    int[] folds = folds(5, 1);
    for (int group = 0; group < groups.count(); group++) {
      assertThat(Arrays.stream(groups.rows(group)).map(row -> folds[row]).distinct().count())
          .isEqualTo(1);
    }
  }

  @Test
  void everyFoldHoldsBothClassesWhereGroupsAreOfOneClass() {
    Groups pure = Groups.of(IntStream.range(0, 240).mapToObj(row -> row / 10).toList());
    boolean[] positive = new boolean[240];
    Arrays.fill(positive, 0, 120, true);
    int[] folds = GroupFolds.balanced(pure, positive, 5, new Random(1));
    for (int fold = 0; fold < 5; fold++) {
      int[] held = GroupFolds.heldOut(folds, fold);
      double share =
          Arrays.stream(held).filter(row -> positive[row]).count() / (double) held.length;
      assertThat(share).isCloseTo(0.5, within(0.11));
    }
  }

  @Test
  void singleRowsAreSpreadEvenly() {
    int[] folds = GroupFolds.balanced(Groups.ofSingleRows(60), alternating, 4, new Random(1));
    for (int fold = 0; fold < 4; fold++) {
      int[] held = GroupFolds.heldOut(folds, fold);
      assertThat(held).hasSizeBetween(14, 16);
      assertThat(Arrays.stream(held).filter(row -> alternating[row]).count()).isBetween(7L, 8L);
    }
  }

  @Test
  void everyRowIsHeldOutOnceAndTrainsOtherwise() {
    int[] folds = folds(4, 1);
    assertThat(GroupFolds.count(folds)).isEqualTo(4);
    int[] seen = new int[60];
    for (int fold = 0; fold < 4; fold++) {
      for (int row : GroupFolds.heldOut(folds, fold)) {
        seen[row]++;
      }
      assertThat(GroupFolds.training(folds, fold).length + GroupFolds.heldOut(folds, fold).length)
          .isEqualTo(60);
    }
    assertThat(seen).containsOnly(1);
  }

  @Test
  void thereAreNoMoreFoldsThanGroups() {
    assertThat(GroupFolds.count(folds(20, 1))).isEqualTo(13);
  }

  @Test
  void blindFoldsKeepGroupsWholeAndSizesEven() {
    int[] folds = GroupFolds.blind(groups, 4, new Random(1));
    for (int fold = 0; fold < 4; fold++) {
      assertThat(GroupFolds.heldOut(folds, fold)).hasSizeBetween(12, 19);
    }
    for (int group = 0; group < groups.count(); group++) {
      assertThat(Arrays.stream(groups.rows(group)).map(row -> folds[row]).distinct().count())
          .isEqualTo(1);
    }
  }

  @Test
  void theSeedDecides() {
    assertThat(folds(5, 1)).containsExactly(folds(5, 1));
    assertThat(folds(5, 2)).isNotEqualTo(folds(5, 1));
  }
}
