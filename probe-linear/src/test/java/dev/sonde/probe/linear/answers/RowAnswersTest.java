package dev.sonde.probe.linear.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.answers.Outcome;
import dev.sonde.api.InvalidInputException;
import dev.sonde.testkit.SettingsConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RowAnswersTest {
  private static final AnswerParser NUMERIC = AnswerParser.named("numeric");

  @Test
  void theAnswerThatMostSamplesGiveIsTheModelsOwn() {
    RowAnswers row = answers("4", "so 7", "7 .", "4", "7", "none");
    assertThat(row.own()).contains(Answer.Rational.of(7));
    assertThat(row.agreement()).isEqualTo(0.5);
    assertThat(row.right()).isFalse();
    assertThat(row.shareCorrect()).isEqualTo(2 / 6.0);
  }

  @Test
  void ofAnswersThatAreGivenAsOftenTheFirstToComeCounts() {
    assertThat(answers("4", "7").right()).isTrue();
    assertThat(answers("7", "4").right()).isFalse();
  }

  @Test
  void samplesThatCannotBeReadAgreeWithNone() {
    RowAnswers row = answers("none", "none either");
    assertThat(row.unread()).isTrue();
    assertThat(row.agreement()).isZero();
    assertThat(row.right()).isFalse();
    assertThat(row.outcome()).contains(Outcome.UNPARSED);
  }

  @Test
  void anAnswerEndsAtItsFirstStopAndInABoxWhereThatCloses() {
    AskedFor plain = asked(Map.of("answer", "a", "stops", List.of(".", "Q")));
    assertThat(plain.read(" 4 . Q : 5")).contains(" 4 ");
    AskedFor boxed = asked(Map.of("answer", "a", "elicitation", "So \\boxed{"));
    assertThat(boxed.read("\\frac{1}{2}} and more")).contains("So \\boxed{\\frac{1}{2}}");
    assertThat(boxed.read("12")).isEmpty();
  }

  @Test
  void settingsThatMakeNoLabelAreRefusedWithARemedy() {
    refused("held against nothing makes no label", Map.of());
    refused("3 greedy answers are all the same; set temperature", Map.of("samples", 3));
    refused("needs answer", Map.of("choices", "options"));
    refused("must be at least 1", Map.of("answer", "a", "tokens", 0));
    refused("at most 1", Map.of("answer", "a", "top_p", 1.5));
    refused(
        "a choice by probability is made once",
        Map.of("answer", "a", "choices", "c", "samples", 2, "temperature", 1.0));
  }

  private static void refused(String why, Map<String, Object> settings) {
    assertThatThrownBy(() -> asked(settings))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(why);
  }

  private static AskedFor asked(Map<String, Object> settings) {
    return AskedFor.of(new SettingsConfig(new AnswersProbeFactory().settings(), settings));
  }

  /** Samples of a row whose right answer is 4. */
  private static RowAnswers answers(String... texts) {
    return RowAnswers.of(
        Stream.of(texts)
            .map(
                text ->
                    new RowAnswers.Sample(
                        text,
                        NUMERIC.parse(text),
                        Optional.of(NUMERIC.judge(text, List.of("4"))),
                        -0.5))
            .toList());
  }
}
