package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.experiment.Seeds;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PermutationsTest {
  private final RandomGenerator random = new Seeds(3).random("permutations");

  @Test
  void aDrawKeepsTheKindOfLabelsAndExchangesThemByGroup() {
    List<String> groups = List.of("a", "a", "b", "b", "c");
    Targets binary = Targets.binary(new boolean[] {true, true, false, false, true});
    Targets drawn = new Permutations(binary, groups).draw(random);
    assertThat(drawn.isBinary()).isTrue();
    assertThat(drawn.positive(0)).isEqualTo(drawn.positive(1));
    assertThat(drawn.select(new int[] {0, 2, 4}).positives()).isEqualTo(2);
    Targets graded = Targets.real(new double[] {0.5, 0.5, 2, 2, 7});
    assertThat(new Permutations(graded, groups).draw(random).isBinary()).isFalse();
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
