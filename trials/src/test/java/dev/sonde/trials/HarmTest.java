package dev.sonde.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HarmTest {
  @Test
  void aDoseIsHarmlessUpToTheLimitAndImprovementsDoNoHarm() {
    Harm harm = new Harm(new double[][] {{0.05, 0.15}, {4, 5}, {-1, -2}}, new double[0][]);
    assertThat(harm.within(0.1)).containsExactly(true, false, true);
    Harm moving = new Harm(harm.perDose(), new double[][] {{0.05, 0.05}, {0, 0}, {3, 3}});
    assertThat(moving.within(0.1))
        .as("a dose that makes text likelier and predictions others' is none")
        .containsExactly(true, false, false);
    assertThat(harm.mean(1)).isEqualTo(4.5);
  }

  @Test
  void theDivergenceOfPredictionsIsZeroOnlyWhereNothingMoved() {
    double[] p = {Math.log(0.5), Math.log(0.25), Math.log(0.25)};
    double[] q = {Math.log(0.25), Math.log(0.5), Math.log(0.25)};
    assertThat(Drift.divergence(p, p)).isZero();
    assertThat(Drift.divergence(p, q)).isCloseTo(0.25 * Math.log(2), within(1e-12));
  }
}
