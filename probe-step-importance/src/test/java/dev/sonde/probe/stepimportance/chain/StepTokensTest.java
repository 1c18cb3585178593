package dev.sonde.probe.stepimportance.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.sonde.probe.stepimportance.LetterPairs;
import java.util.List;
import org.junit.jupiter.api.Test;

class StepTokensTest {
  private static final LetterPairs PAIRS = new LetterPairs();

  @Test
  void aTokenBelongsToTheStepThatHoldsItsLastCharacter() {
    // Pairs of "pqabcdefgh": pq ab cd ef gh; the step "abc" ends inside of cd.
    Chain chain =
        StepTokens.chain(PAIRS, "x", "g", "pq", false, List.of("abc", "def", "gh")).orElseThrow();

    assertThat(chain.promptTokens()).isEqualTo(1);
    assertThat(chain.steps())
        .extracting(Step::fromToken, Step::toToken)
        .containsExactly(tuple(1, 2), tuple(2, 4), tuple(4, 5));
  }

  @Test
  void aStepWithoutATokenOfItsOwnIsNoChain() {
    assertThat(StepTokens.chain(PAIRS, "x", "g", "pq", false, List.of("ab", "c", "def"))).isEmpty();
  }

  @Test
  void aMaskKeepsThePromptAndTheTokensOfItsSteps() {
    Chain chain =
        StepTokens.chain(PAIRS, "x", "g", "pq", false, List.of("ab", "cd", "ef")).orElseThrow();

    assertThat(PAIRS.decode(chain.sequence(Mask.of(0, 2), 'z'))).isEqualTo("pqabefz");
    assertThat(chain.length(Mask.of(0, 2))).isEqualTo(3);
    assertThat(PAIRS.decode(chain.sequence(Mask.of()))).isEqualTo("pq");
  }
}
