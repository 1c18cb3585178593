package dev.sonde.probe.stepimportance.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.Sequence;
import org.junit.jupiter.api.Test;

class TokenCostsTest {
  @Test
  void aPrefixThatWasRunCostsNothingAgainUntilTheStageEnds() {
    TokenCosts costs = new TokenCosts();
    costs.ran(Sequence.of(1, 2, 3, 4));
    costs.ran(Sequence.of(1, 2, 4, 3));
    assertThat(costs.forward()).isEqualTo(6);
    assertThat(costs.saved()).isEqualTo(2);

    costs.newStage();
    costs.ran(Sequence.of(1, 2));
    assertThat(costs.forward()).isEqualTo(8);
  }
}
