package dev.sonde.probe.stepimportance.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class DivergenceTest {
  @Test
  void equalDistributionsDoNotDiverge() {
    float[] logits = {1, -2, 300};
    assertThat(AttentionSuppression.divergence(logits, new float[] {2, -1, 301}))
        .isEqualTo(0, Offset.offset(1e-9));
    assertThat(RolloutImportance.divergence(Map.of("a", 3, "b", 1), Map.of("a", 3, "b", 1), 0.5))
        .isZero();
  }

  @Test
  void itIsTheSumOfTheTextbook() {
    float[] p = {0, (float) Math.log(3)}; // 1/4, 3/4
    float[] q = {0, 0}; // 1/2, 1/2
    double expected = 0.25 * Math.log(0.5) + 0.75 * Math.log(1.5);
    assertThat(AttentionSuppression.divergence(p, q)).isEqualTo(expected, Offset.offset(1e-6));
  }

  @Test
  void anAnswerThatWasNeverGivenHasAFiniteWeight() {
    assertThat(RolloutImportance.divergence(Map.of("a", 5), Map.of("b", 5), 0.5))
        .isFinite()
        .isPositive();
  }
}
