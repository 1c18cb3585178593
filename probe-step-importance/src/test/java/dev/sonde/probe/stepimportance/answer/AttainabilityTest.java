package dev.sonde.probe.stepimportance.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AttainabilityTest {
  private static final Offset<Double> ROUNDING = Offset.offset(1e-12);

  @Test
  void theChainItselfHasOneAndTheDirectAnswerNone() {
    assertThat(Attainability.of(2.5, 2.5, 40)).isEqualTo(1, ROUNDING);
    assertThat(Attainability.of(40, 2.5, 40)).isEqualTo(0, ROUNDING);
  }

  @Test
  void itIsNotClipped() {
    assertThat(Attainability.of(1, 2, 4)).isGreaterThan(1);
    assertThat(Attainability.of(5, 2, 4)).isNegative();
  }

  @Test
  void everythingIsAttainableWhereTheBoundsAreEqual() {
    assertThat(Attainability.of(7, 3, 3)).isEqualTo(1);
  }

  @Test
  void perplexityIsTheNumberOfEquallyLikelyTokens() {
    assertThat(Attainability.perplexity(3 * Math.log(0.25), 3)).isEqualTo(4, ROUNDING);
  }
}
