package dev.sonde.probe.stepimportance.predict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PositionMatchedTest {
  private static final double[] POSITIONS = {0, 0.02, 0.5, 0.52, 0.9, 0.2};
  private static final boolean[] LABELS = {true, false, true, false, true, false};

  private final PositionMatched pairs = PositionMatched.of(POSITIONS, LABELS);

  @Test
  void aPairStandsAtTheSamePlaceAndNoStepIsInTwo() {
    assertThat(pairs.important()).containsExactly(0, 2);
    assertThat(pairs.removable()).containsExactly(1, 3);
  }

  @Test
  void theImportantStepOfAPairWinsByTheHigherScore() {
    assertThat(pairs.won(new double[] {3, 1, 2, 2, 0, 0})).containsExactly(1, 0.5);
    assertThat(pairs.won(POSITIONS)).as("position itself").containsExactly(0, 0);
  }
}
