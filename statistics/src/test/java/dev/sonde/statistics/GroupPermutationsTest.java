package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
  void mixedGroupsExchangeLabelsWithinThemselves() {
    Groups groups = Groups.of(List.of("a", "a", "a", "b", "b"));
    GroupPermutations permutations = new GroupPermutations(new double[] {1, 0, 0, 1, 0}, groups);
    boolean moved = false;
    for (int draw = 0; draw < 50; draw++) {
      double[] drawn = permutations.draw(random);
      assertThat(drawn[0] + drawn[1] + drawn[2]).isEqualTo(1);
      assertThat(drawn[3] + drawn[4]).isEqualTo(1);
      moved |= drawn[0] == 0;
    }
    assertThat(moved).isTrue();
  }

  @Test
  void gradedLabelsOfAMixedGroupStayInIt() {
    double[] graded = {0.1, 0.2, 0.3, 7, 8};
    Groups groups = Groups.of(List.of("a", "a", "a", "b", "b"));
    double[] drawn = new GroupPermutations(graded, groups).draw(random);
    assertThat(Arrays.copyOf(drawn, 3)).containsExactlyInAnyOrder(0.1, 0.2, 0.3);
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
