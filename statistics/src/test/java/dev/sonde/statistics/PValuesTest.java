package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PValuesTest {
  @Test
  void theObservedLabelingIsOneOfThose() {
    double[] drawn = {0.5, 0.6, 0.7, Double.NaN};
    assertThat(PValues.of(0.6, drawn)).isEqualTo(3.0 / 5);
    assertThat(PValues.of(0.9, drawn)).isEqualTo(1.0 / 5);
    assertThat(PValues.of(0.9, new double[0])).isEqualTo(1);
  }

  @Test
  void holmCorrectsFromTheSmallestOn() {
    assertThat(PValues.holm(0.04, 0.01, 0.03)).containsExactly(0.06, 0.03, 0.06);
    assertThat(PValues.holm(0.2)).containsExactly(0.2);
  }

  @Test
  void holmKeepsTheOrderNeverLowersAndIsNoWorseThanBonferroni() {
    double[] ps = new Random(1).doubles(9).toArray();
    double[] corrected = PValues.holm(ps);
    for (int i = 0; i < ps.length; i++) {
      assertThat(corrected[i]).isBetween(ps[i], Math.min(1, ps.length * ps[i]) + 1e-12);
      for (int j = 0; j < ps.length; j++) {
        if (ps[i] < ps[j]) {
          assertThat(corrected[i]).isLessThanOrEqualTo(corrected[j]);
        }
      }
    }
  }

  /** Tested at 0.05 on p values that are uniform, at least one of five is rejected so often. */
  @Test
  void holmHoldsTheErrorOfTheFamily() {
    Random random = new Random(2);
    int wrong = 0;
    for (int family = 0; family < 4000; family++) {
      double[] corrected = PValues.holm(random.doubles(5).toArray());
      for (double p : corrected) {
        if (p <= 0.05) {
          wrong++;
          break;
        }
      }
    }
    // 1 − 0.99⁵ = 0.049; three standard errors of 4000 are 0.010
    assertThat(wrong / 4000.0).isCloseTo(0.049, within(0.01));
  }
}
