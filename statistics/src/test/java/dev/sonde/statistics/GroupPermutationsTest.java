package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupPermutationsTest {
  private final Random random = new Random(3);

  @Test
  void groupsOfOneLabelExchangeItAsWholes() {
    Groups groups = Groups.of(List.of("a", "a", "b", "b", "b", "c", "d"));
    GroupPermutations permutations =
        new GroupPermutations(new double[] {1, 1, 0, 0, 0, 1, 0}, groups);
    for (int draw = 0; draw < 100; draw++) {
      double[] drawn = permutations.draw(random);
      assertThat(drawn[0]).isEqualTo(drawn[1]);
      assertThat(drawn[2]).isEqualTo(drawn[3]).isEqualTo(drawn[4]);
      assertThat(drawn[0] + drawn[2] + drawn[5] + drawn[6]).isEqualTo(2);
    }
  }

  @Test
  void oneOddRowAGroupDoesNotHoldTheGroupsLabelsFast() {
    double[] labels = new double[40];
    for (int row = 0; row < 40; row++) {
      boolean positiveGroup = row / 10 % 2 == 0;
      labels[row] = positiveGroup != (row % 10 == 3) ? 1 : 0;
    }
    Groups groups = Groups.of(IntStream.range(0, 40).mapToObj(row -> row / 10).toList());
    GroupPermutations permutations = new GroupPermutations(labels, groups);
    int turned = 0;
    int otherRow = 0;
    for (int draw = 0; draw < 100; draw++) {
      double[] drawn = permutations.draw(random);
      double[] rates = new double[4];
      for (int row = 0; row < 40; row++) {
        rates[row / 10] += drawn[row];
      }
      assertThat(rates).containsExactlyInAnyOrder(9, 9, 1, 1);
      turned += rates[0] == 1 ? 1 : 0;
      otherRow += drawn[3] == drawn[4] ? 1 : 0;
    }
    assertThat(turned).isBetween(30, 70);
    assertThat(otherRow).isPositive();
  }

  @Test
  void ratesThatAreNoWholeNumberOfRowsAreRoundedAsOftenAsTheirRestSays() {
    Groups groups = Groups.of(List.of("a", "a", "a", "b", "b", "b", "b"));
    GroupPermutations permutations =
        new GroupPermutations(new double[] {1, 0, 0, 0, 0, 0, 0}, groups);
    int moved = 0;
    int two = 0;
    for (int draw = 0; draw < 2000; draw++) {
      double[] drawn = permutations.draw(random);
      double inB = drawn[3] + drawn[4] + drawn[5] + drawn[6];
      assertThat(inB).isBetween(0.0, 2.0);
      moved += inB > 0 ? 1 : 0;
      two += inB == 2 ? 1 : 0;
    }
    assertThat(moved / 2000.0).isCloseTo(0.5, within(0.05));
    assertThat(two / 2000.0).isCloseTo(0.5 / 3, within(0.04));
  }

  @Test
  void groupsOfOneRateMoveLabelsInsideThemselvesOnly() {
    Groups pairs = Groups.of(List.of("a", "a", "b", "b", "c", "c"));
    GroupPermutations permutations = new GroupPermutations(new double[] {1, 0, 0, 1, 1, 0}, pairs);
    assertThat(permutations.betweenGroups()).isFalse();
    assertThat(permutations.insideGroups()).isTrue();
    assertThat(Math.exp(permutations.logCount())).isCloseTo(8, within(1e-9));
    for (int draw = 0; draw < 50; draw++) {
      double[] drawn = permutations.draw(random);
      assertThat(drawn[0] + drawn[1]).isEqualTo(1);
      assertThat(drawn[4] + drawn[5]).isEqualTo(1);
    }
  }

  @Test
  void labelsThatMoveInsideGroupsLeaveTheirRates() {
    Groups groups = Groups.of(List.of("a", "a", "a", "b", "b"));
    GroupPermutations permutations = new GroupPermutations(new double[] {1, 0, 0, 1, 0}, groups);
    boolean moved = false;
    for (int draw = 0; draw < 50; draw++) {
      double[] drawn = permutations.drawInside(random);
      assertThat(drawn[0] + drawn[1] + drawn[2]).isEqualTo(1);
      assertThat(drawn[3] + drawn[4]).isEqualTo(1);
      moved |= drawn[0] == 0;
    }
    assertThat(moved).isTrue();
  }

  @Test
  void meansOfGradedGroupsAreExchangedAndResidualsDealtInside() {
    double[] graded = {1, 2, 3, 7, 9};
    Groups groups = Groups.of(List.of("a", "a", "a", "b", "b"));
    GroupPermutations permutations = new GroupPermutations(graded, groups);
    boolean exchanged = false;
    for (int draw = 0; draw < 50; draw++) {
      double[] drawn = permutations.draw(random);
      boolean now = drawn[0] + drawn[1] + drawn[2] > 10;
      exchanged |= now;
      assertThat(Arrays.copyOf(drawn, 3))
          .containsExactlyInAnyOrder(now ? new double[] {7, 8, 9} : new double[] {1, 2, 3});
    }
    assertThat(exchanged).isTrue();
    assertThat(Arrays.copyOf(permutations.drawInside(random), 3))
        .containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void theNumberOfLabelingsBoundsP() {
    GroupPermutations permutations =
        new GroupPermutations(new double[] {1, 1, 0, 0}, Groups.ofSingleRows(4));
    assertThat(Math.exp(permutations.logCount())).isCloseTo(6, within(1e-9));
    assertThat(permutations.smallestReachable(999)).isCloseTo(1.0 / 6, within(1e-9));
    assertThat(permutations.smallestReachable(1)).isEqualTo(0.5);
  }
}
