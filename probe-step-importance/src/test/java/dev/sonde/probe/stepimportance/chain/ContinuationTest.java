package dev.sonde.probe.stepimportance.chain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ContinuationTest {
  private static final int[] ENDS = {7, 8};

  @Test
  void onlyALastTokenEndsAText() {
    assertThat(Continuation.ended(ENDS, 1, 8)).isTrue();
    assertThat(Continuation.ended(ENDS, 8, 1)).isFalse();
    assertThat(Continuation.ended(ENDS)).isFalse();
    assertThat(Continuation.withoutEnd(ENDS, 1, 8)).containsExactly(1);
    assertThat(Continuation.withoutEnd(ENDS, 8, 1)).containsExactly(8, 1);
  }
}
