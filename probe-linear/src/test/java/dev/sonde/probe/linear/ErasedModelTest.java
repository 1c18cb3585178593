package dev.sonde.probe.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Evaluation.LabelErasure;
import dev.sonde.api.model.HookPoint;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ErasedModelTest {
  private static final LabelErasure ERASURE =
      new LabelErasure(
          "leace",
          HookPoint.of(1, HookPoint.RESID_POST),
          List.of(new double[] {1, 0, 2, 0}, new double[] {0, 1, 0, 0}),
          List.of(new double[] {1, 0, 0, 0}, new double[] {0, 1, 0, 0}),
          new double[] {4, 3, 2, 1});

  @Test
  void randomDirectionsBesideAnErasureAreAsManyAtRightAnglesAroundTheSameMean() {
    LabelErasure random = ErasedModel.randomly(ERASURE, new Random(3));
    assertThat(random.read()).hasSize(2).isEqualTo(random.removed());
    assertThat(random.mean()).isEqualTo(ERASURE.mean());
    assertThat(random.point()).isEqualTo(ERASURE.point());
    double[] first = random.read().getFirst();
    double[] second = random.read().getLast();
    assertThat(Directions.norm(first)).isCloseTo(1, within(1e-12));
    assertThat(Directions.norm(second)).isCloseTo(1, within(1e-12));
    assertThat(Directions.dot(first, second)).isCloseTo(0, within(1e-7)); // its guard against 0/0
    assertThat(ErasedModel.randomly(ERASURE, new Random(3)).read().getLast()).isEqualTo(second);
  }
}
