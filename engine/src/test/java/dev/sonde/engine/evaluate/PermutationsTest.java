package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.experiment.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PermutationsTest {
  private final RandomGenerator random = new Seeds(3).random("permutations");

  @Test
  void groupsOfOneLabelExchangeItAsWholes() {
    List<String> groups = List.of("a", "a", "b", "b", "b", "c", "d");
    Targets targets = Targets.binary(new boolean[] {true, true, false, false, false, true, false});
    Permutations permutations = new Permutations(targets, groups);
    for (int draw = 0; draw < 100; draw++) {
      Targets drawn = permutations.draw(random);
      assertThat(drawn.positive(0)).isEqualTo(drawn.positive(1));
      assertThat(drawn.positive(2)).isEqualTo(drawn.positive(3)).isEqualTo(drawn.positive(4));
      assertThat(
              List.of(drawn.positive(0), drawn.positive(2), drawn.positive(5), drawn.positive(6)))
          .filteredOn(p -> p)
          .hasSize(2);
    }
  }

  @Test
  void mixedGroupsExchangeLabelsWithinThemselves() {
    List<String> groups = List.of("a", "a", "a", "b", "b");
    Targets targets = Targets.binary(new boolean[] {true, false, false, true, false});
    Permutations permutations = new Permutations(targets, groups);
    boolean moved = false;
    for (int draw = 0; draw < 50; draw++) {
      Targets drawn = permutations.draw(random);
      assertThat(drawn.select(new int[] {0, 1, 2}).positives()).isEqualTo(1);
      assertThat(drawn.select(new int[] {3, 4}).positives()).isEqualTo(1);
      moved |= !drawn.positive(0);
    }
    assertThat(moved).isTrue();
  }

  @Test
  void theNumberOfLabelingsBoundsP() {
    Targets targets = Targets.binary(new boolean[] {true, true, false, false});
    Permutations permutations = new Permutations(targets, List.of("a", "b", "c", "d"));
    assertThat(Math.exp(permutations.logCount())).isCloseTo(6, within(1e-9));
    assertThat(permutations.smallestReachable(999)).isCloseTo(1.0 / 6, within(1e-9));
    assertThat(permutations.smallestReachable(1)).isEqualTo(0.5);
  }

  @Test
  void aControlTaskGivesEachGroupOneLabelAndHalfOfThemEach() {
    List<String> groups = List.of("a", "b", "a", "c", "d", "b");
    Targets control =
        new Permutations(Targets.binary(new boolean[6]), groups).controlTask(groups, random);
    assertThat(control.positive(0)).isEqualTo(control.positive(2));
    assertThat(control.positive(1)).isEqualTo(control.positive(5));
    assertThat(control.select(new int[] {0, 1, 3, 4}).positives()).isEqualTo(2);
  }
}
