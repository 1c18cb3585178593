package dev.sonde.probe.stepimportance.rollouts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.answers.AnswerParser;
import dev.sonde.testkit.ListedStudy;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/**
 * The expected numbers come from a few lines of Python: counts, smoothed by a half, and logarithms.
 */
class ChainImportancesTest {
  private static final Offset<Double> CLOSE = Offset.offset(1e-9);

  private final ChainImportances chain =
      ChainImportances.of(
          ListedStudy.of(
                  "question",
                  List.of(
                      Map.ofEntries(
                          Map.entry("question", "2 + 3?"),
                          Map.entry("answer", "5"),
                          Map.entry(
                              "steps", List.of("We add 2 and 3.", " So it is five.", " Done.")),
                          Map.entry("rollouts.0.answer", List.of("5", "7", "7", "", "5.0")),
                          Map.entry(
                              "rollouts.0.resampled",
                              List.of("Let us add.", "We subtract.", "We subtract.", "x", "No.")),
                          Map.entry("rollouts.1.answer", List.of("5", "5", "7", "5")),
                          Map.entry("rollouts.1.correct", List.of("true", "true", "false", "true")),
                          Map.entry(
                              "rollouts.1.resampled",
                              List.of("So it is five.", "So.", "no", "So it is five.")),
                          Map.entry("rollouts.2.answer", List.of("5", "5", "5", "5")),
                          Map.entry("forced.0.answer", List.of("7", "7")),
                          Map.entry("forced.1.answer", List.of("5", "7")))))
              .examples()
              .getFirst(),
          AnswerParser.named("math"),
          0.8,
          0.5,
          1);

  private double of(String measure, int step) {
    return chain.byName().getOrDefault(measure, new double[0])[step];
  }

  @Test
  void resamplingHoldsWhatWasWrittenBeforeAStepAgainstWhatWasWrittenBeforeTheNext() {
    assertThat(of("resampling_importance_kl", 0)).isCloseTo(0.08717669357238891, CLOSE);
    assertThat(of("resampling_importance_kl", 1)).isCloseTo(0.15366358680379852, CLOSE);
    assertThat(of("resampling_importance_kl", 2)).isNaN();
    assertThat(of("resampling_importance_accuracy", 0)).isCloseTo(0.25, CLOSE);
    assertThat(of("resampling_importance_accuracy", 1)).isCloseTo(0.25, CLOSE);
    assertThat(of("entropy_before", 0)).isCloseTo(Math.log(2), CLOSE);
    assertThat(of("unanswered", 0)).isEqualTo(1);
  }

  @Test
  void theCounterfactualLeavesOutRolloutsThatWroteTheSameStep() {
    assertThat(of("different_trajectories_fraction", 1)).isCloseTo(0.5, CLOSE);
    assertThat(of("counterfactual_importance_kl", 1)).isCloseTo(0.5108256237659907, CLOSE);
    assertThat(of("counterfactual_importance_accuracy", 1)).isCloseTo(-0.5, CLOSE);
  }

  @Test
  void forcedAnswersAreComparedLikewise() {
    assertThat(of("forced_importance_kl", 0)).isCloseTo(0.24258597169364066, CLOSE);
    assertThat(of("forced_importance_accuracy", 0)).isCloseTo(0.5, CLOSE);
    assertThat(of("forced_importance_kl", 1)).isNaN();
  }

  @Test
  void textsAreAsAlikeAsTheirWords() {
    assertThat(WordSimilarity.of("So it is.", "so it is .")).isCloseTo(1, CLOSE);
    assertThat(WordSimilarity.of("a b", "c d")).isZero();
    assertThat(WordSimilarity.of("", "a")).isZero();
  }
}
