package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SurfaceTest {
  @Test
  void surfaceFeaturesCountWhatTheyName() {
    assertThat(Surface.of("Let me check: 3 + 4.5 = 7.5", 12, 0.25))
        .containsExactly(0.25, 12, 3, 2, 0, 1, 1, 0, 0);
  }
}
