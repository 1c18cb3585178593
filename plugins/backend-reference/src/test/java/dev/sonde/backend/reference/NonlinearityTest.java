package dev.sonde.backend.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NonlinearityTest {
  /** Values of Abramowitz and Stegun, table 7.1. */
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.1, 0.1124629160",
    "0.5, 0.5204998778",
    "1, 0.8427007929",
    "2, 0.9953222650",
    "7, 1"
  })
  void theErrorFunctionIsOddAndAsTabulated(double x, double expected) {
    assertThat(Nonlinearity.erf(x)).isCloseTo(expected, within(1e-10));
    assertThat(Nonlinearity.erf(-x)).isCloseTo(-expected, within(1e-10));
  }
}
