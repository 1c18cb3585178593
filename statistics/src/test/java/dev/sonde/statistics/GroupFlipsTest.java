package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GroupFlipsTest {
  /** Three groups: one pair, two pairs, one pair. */
  private static final Groups GROUPS = Groups.of(List.of("a", "a", "b", "b", "b", "b", "c", "c"));

  private static final double[] LABELS = {1, 0, 1, 0, 0, 1, 0, 1};

  @Test
  void allPairsOfAGroupTurnOverTogether() {
    Random random = new Random(1);
    TreeSet<String> seen = new TreeSet<>();
    for (int draw = 0; draw < 200; draw++) {
      double[] drawn = new GroupFlips(LABELS, GROUPS).draw(random);
      StringBuilder turned = new StringBuilder();
      for (int row = 0; row < drawn.length; row++) {
        turned.append(drawn[row] == LABELS[row] ? '.' : '#');
      }
      seen.add(turned.toString());
    }
    assertThat(seen)
        .containsExactly(
            "########",
            "######..",
            "##....##",
            "##......",
            "..######",
            "..####..",
            "......##",
            "........");
  }

  @Test
  void everyPairKeepsOneRowOfEachLabel() {
    double[] drawn = new GroupFlips(LABELS, GROUPS).draw(new Random(5));
    for (int pair = 0; pair < drawn.length; pair += 2) {
      assertThat(drawn[pair] + drawn[pair + 1]).isEqualTo(1);
    }
  }

  @Test
  void threeGroupsHaveEightLabelingsWhateverIsDrawn() {
    GroupFlips flips = new GroupFlips(LABELS, GROUPS);
    assertThat(flips.smallestReachable(999)).isEqualTo(1.0 / 8);
    assertThat(flips.smallestReachable(3)).isEqualTo(1.0 / 4);
  }
}
