package dev.sonde.engine.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.engine.tools.SteeringDoses.Wanted;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Interval;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DoseAdviceTest {
  private static final Wanted FIRST = Wanted.of("text", " first");

  @Test
  void theLargestEffectWithinTheLimitIsRecommended() {
    DoseAdvice advice =
        advice(
            dose(-1, -2, 0, 0),
            dose(0.5, 1, 0.02, 0.05),
            dose(1, 3, -0.01, 0.09),
            dose(2, 9, 0.05, 0.2));
    assertThat(advice.recommended().map(DoseEffect::dose)).contains(1.0);
    assertThat(advice.sentence())
        .isEqualTo(
            "Take dose 1: it raises the log-probability of ' first' by 3.000 nats [2.500, 3.500],"
                + " and neutral text loses nothing (-0.010 nats a token) while its predictions"
                + " move by 0.090 nats a token (KL); 0.1 of either are allowed.");
  }

  @Test
  void whereEveryEffectCostsTooMuchNoneIs() {
    DoseAdvice advice = advice(dose(-1, -2, 0, 0), dose(1, 3, 0.01, 0.5), dose(2, 9, 1.5, 4));
    assertThat(advice.recommended()).isEmpty();
    assertThat(advice.sentence())
        .startsWith("Take none: dose 2 raises the log-probability of ' first' by 9.000 nats")
        .contains("but neutral text loses 1.500 nats a token")
        .contains("and 0.1 of either are allowed");
  }

  @Test
  void whereNothingHasAnEffectNoneIsEither() {
    assertThat(advice(dose(-1, -2, 0, 0), dose(0, 0, 0, 0)).sentence())
        .isEqualTo("Take none: no dose that was tried raises the log-probability of ' first'.");
  }

  @Test
  void anEffectWhoseIntervalHoldsZeroSaysSo() {
    assertThat(advice(dose(1, 0.25, 0, 0)).sentence()).contains("this may be chance");
  }

  @Test
  void ofTwoEffectsThatAreAlikeTheSmallerDoseIsTaken() {
    assertThat(advice(dose(2, 3, 0, 0), dose(1, 3, 0, 0)).recommended().map(DoseEffect::dose))
        .contains(1.0);
  }

  private static DoseAdvice advice(DoseEffect... doses) {
    return new DoseAdvice(List.of(doses), FIRST, 0.1);
  }

  private static DoseEffect dose(double dose, double effect, double harm, double drift) {
    return new DoseEffect(
        dose,
        estimate(effect),
        0.5,
        estimate(harm),
        Optional.of(estimate(drift)),
        harm <= 0.1 && drift <= 0.1);
  }

  private static Estimate estimate(double value) {
    return new Estimate(value, new Interval(value - 0.5, value + 0.5));
  }
}
