package dev.sonde.probe.stepimportance.score;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScoredChainTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-12);

  /** All subsets of three steps, scored by a function, with both orders of the first two. */
  private static ScoredChain scored(ToDoubleFunction<Mask> value) {
    List<ScoredChain.Score> scores = new ArrayList<>();
    for (int bits = 0; bits < 8; bits++) {
      Mask mask = Mask.of();
      for (int step = 0; step < 3; step++) {
        mask = (bits >> step & 1) == 1 ? mask.with(step) : mask;
      }
      scores.add(new ScoredChain.Score(mask, value.applyAsDouble(mask), 0.4, Double.NaN));
    }
    return new ScoredChain(
        "id", List.of("a ", "𝟚 ", "c"), scores, List.of(List.of(0, 1, 2), List.of(1, 0, 2)));
  }

  @Test
  void leavingAStepOutTakesAwayWhatTheOthersCannotMakeUpFor() {
    ScoredChain chain = scored(mask -> mask.has(0) || mask.has(1) ? -1 : -5);

    assertThat(chain.leaveOneOut()).containsExactly(0, 0, 0);
  }

  @Test
  void shapleyValuesShareWhatEitherOfTwoStepsGives() {
    ScoredChain chain = scored(mask -> mask.has(0) || mask.has(1) ? -1 : -5);

    assertThat(chain.shapley()).containsExactly(new double[] {2, 2, 0}, CLOSE);
    assertThat(chain.shapley()[0] + chain.shapley()[1] + chain.shapley()[2])
        .as("what all steps give together")
        .isCloseTo(-1 + 5, CLOSE);
  }

  @Test
  void whatWasNotScoredGivesNoValue() {
    ScoredChain none = new ScoredChain("id", List.of("a", "b"), List.of(), List.of());

    assertThat(none.leaveOneOut()).containsOnly(Double.NaN);
    assertThat(none.shapley()).containsOnly(Double.NaN);
  }

  @Test
  void whatIsReadBackIsWhatWasWritten() {
    ScoredChain chain = scored(mask -> -mask.size());
    Artifact written =
        chain.artifact(3).with(ScoredChain.leftOut(4, LeftOut.of(SkipReason.TOO_LONG, "9 tokens")));

    assertThat(ScoredChain.of(written, 3)).isEqualTo(chain);
    assertThat(ScoredChain.leftOut(written, 4).measured()).isEqualTo("9 tokens");
  }
}
