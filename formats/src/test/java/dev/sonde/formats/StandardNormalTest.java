package dev.sonde.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StandardNormalTest {
  /** Quantiles of Abramowitz and Stegun, table 26.5, and of the tails by SciPy 1.16. */
  @ParameterizedTest
  @CsvSource({
    "0.5, 0",
    "0.95, 1.6448536269514722",
    "0.05, -1.6448536269514722",
    "0.975, 1.959963984540054",
    "0.999, 3.090232306167813",
    "1e-9, -5.9978070150076865"
  })
  void quantilesAreThoseOfTheTables(double probability, double expected) {
    assertThat(StandardNormal.quantile(probability)).isCloseTo(expected, within(1e-7));
    assertThat(StandardNormal.below(expected)).isCloseTo(probability, within(1e-14));
  }

  @ParameterizedTest
  @CsvSource({"Infinity, 1", "-Infinity, 0", "12, 1", "-12, 0"})
  void farOutNothingIsLeft(double x, double probability) {
    assertThat(StandardNormal.below(x)).isEqualTo(probability);
  }
}
