package dev.sonde.probe.position.atlas;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MakeupTest {
  @Test
  void aHeadIsCalledByWhatExplainsItsLogitsWithinRows() {
    assertThat(Makeup.of(0.9, 0.05)).contains(Makeup.POSITION);
    assertThat(Makeup.of(0.1, 0.8)).contains(Makeup.MEANING);
    assertThat(Makeup.of(0.5, 0.4)).contains(Makeup.SUM);
    assertThat(Makeup.of(0.3, 0.1)).contains(Makeup.BOUND);
  }

  @Test
  void aHeadThatWasNotMeasuredIsCalledNothing() {
    assertThat(Makeup.of(Double.NaN, 0.5)).isEmpty();
  }
}
