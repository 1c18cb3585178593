package dev.sonde.probe.stepimportance.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.attribution.RolloutImportance.Outcomes;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RolloutImportanceTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-12);

  @Test
  void theRolloutsWithoutTheStepAreHeldAgainstThoseWithIt() {
    Outcomes without = new Outcomes(Map.of("5", 1, "7", 4), 1, 2);
    Outcomes with = new Outcomes(Map.of("5", 5), 5, 0);

    Map<String, double[]> scores = RolloutImportance.of(List.of(without), List.of(with), 0.5, 1);

    // Counts with a half more: 1.5 and 4.5 of 6 without, 5.5 and 0.5 of 6 with.
    double expected = 0.25 * Math.log(0.25 / (5.5 / 6)) + 0.75 * Math.log(0.75 / (0.5 / 6));
    assertThat(scores.get(RolloutImportance.DIVERGENCE)[0]).isCloseTo(expected, CLOSE);
    assertThat(scores.get(RolloutImportance.ACCURACY)[0]).isCloseTo(0.8, CLOSE);
    assertThat(scores.get(RolloutImportance.UNANSWERED)[0]).isEqualTo(2);
    double entropy = -0.2 * Math.log(0.2) - 0.8 * Math.log(0.8);
    assertThat(scores.get(RolloutImportance.HEADROOM)[0]).isCloseTo(entropy, CLOSE);
  }

  @Test
  void theFloorIsWhatOneDistributionShowsByChance() {
    Outcomes one = new Outcomes(Map.of("5", 50, "7", 50), 50, 0);
    Outcomes same = new Outcomes(Map.of("5", 48, "7", 52), 48, 0);
    Outcomes other = new Outcomes(Map.of("5", 95, "7", 5), 95, 0);
    Map<String, double[]> scores =
        RolloutImportance.of(List.of(one, one), List.of(same, other), 0.5, 1);

    double[] floor = scores.get(RolloutImportance.FLOOR);
    double[] divergence = scores.get(RolloutImportance.DIVERGENCE);
    assertThat(floor[0]).isPositive().isGreaterThan(divergence[0]).isLessThan(0.1);
    assertThat(divergence[1]).isGreaterThan(floor[1]);
  }

  @Test
  void aSideWithoutAnswersGivesNoScore() {
    Outcomes none = new Outcomes(Map.of(), 0, 5);
    Outcomes some = new Outcomes(Map.of("5", 5), 5, 0);
    Map<String, double[]> scores = RolloutImportance.of(List.of(none), List.of(some), 0.5, 1);

    assertThat(scores.get(RolloutImportance.DIVERGENCE)[0]).isNaN();
    assertThat(scores.get(RolloutImportance.ACCURACY)[0]).isNaN();
    assertThat(scores.get(RolloutImportance.UNANSWERED)[0]).isEqualTo(5);
  }
}
