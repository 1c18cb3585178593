package dev.sonde.probe.stepimportance.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.model.Sequence;
import org.junit.jupiter.api.Test;

class TokenCostsTest {
  @Test
  void aPrefixThatWasRunCostsNothingAgain() {
    TokenCosts costs = new TokenCosts();
    costs.ran(Sequence.of(1, 2, 3, 4));
    costs.ran(Sequence.of(1, 2, 4, 3));
    assertThat(costs.amounts().get("cost.forward_tokens")).isEqualTo(6);
    assertThat(costs.amounts().get("cost.tokens_saved_by_prefixes")).isEqualTo(2);
    costs.ran(Sequence.of(1, 2));
    assertThat(costs.amounts().get("cost.forward_tokens")).isEqualTo(6);
    assertThat(costs.amounts().get("cost.tokens_saved_by_prefixes")).isEqualTo(4);
  }

  @Test
  void whatAShardCountedIsReadBackFromIt() {
    TokenCosts costs = new TokenCosts();
    costs.ran(Sequence.of(1, 2, 3));
    costs.wrote(5);
    assertThat(TokenCosts.read(costs.artifact()))
        .isEqualTo(costs.amounts())
        .containsEntry("cost.forward_tokens", 3L)
        .containsEntry("cost.generated_tokens", 5L);
  }
}
