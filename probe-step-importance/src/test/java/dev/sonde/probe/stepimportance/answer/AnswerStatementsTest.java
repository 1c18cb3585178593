package dev.sonde.probe.stepimportance.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerStatementsTest {
  private static final Answer FIFTEEN = Answer.Rational.of(15);

  private static boolean states(String parser, String text) {
    return AnswerStatements.states(text, AnswerParser.named(parser), FIFTEEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " The answer is 15.",
        " This means the answer is 15.",
        " My answer: 15",
        " So the final result is 15 apples.",
        " Thus the answer is \\boxed{15}.",
        " Therefore, \\boxed{15}",
        " The total is 3 * 5 = 15.",
        " Die Antwort ist 15.",
        " La réponse est 15.",
        " La respuesta es 15.",
        " Ответ: 15",
        "所以答案是15。",
        "答えは15です。"
      })
  void aStepThatSaysTheAcceptedAnswerIsAStatement(String text) {
    assertThat(states("numeric", text)).isTrue();
    assertThat(states("math", text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        " So the result is 20 apples at first.",
        " The answer is not 15.",
        " Therefore, \\boxed{20}",
        " We have 15 apples.",
        " The answer needs 15 minutes of thought.",
        " The result of the first step is 20."
      })
  void aResultOnTheWayIsNone(String text) {
    assertThat(states("numeric", text)).isFalse();
    assertThat(states("math", text)).isFalse();
  }
}
