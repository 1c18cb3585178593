package dev.sonde.probe.stepimportance.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.probe.stepimportance.LetterPairs;
import dev.sonde.probe.stepimportance.PretendModel;
import dev.sonde.probe.stepimportance.answer.Elicitation.Wording;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElicitationTest {
  private static final String BOX = "\n\nSo the answer is \\boxed{";

  private final Elicitation elicitation =
      new Elicitation(
          new PretendModel(text -> true, (target, source) -> 1),
          new Wording(BOX, BOX, "{answer}}", List.of("}"), 0));

  private Optional<Answer> read(String written) {
    int[] tokens = new LetterPairs().encode(written, false).ids();
    return elicitation
        .answer(Mask.of(0), elicitation.written(tokens))
        .flatMap(AnswerParser.named("math")::parse);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "\\frac{1}{2}}; \\frac{1}{2}",
        "x^{2}+1}. Next {; x^2+1",
        "\\sqrt{2}}; \\sqrt{2}",
        "\\text{A}}$; \\text{A}",
        "(1, \\frac{3}{4})}; (1, 0.75)"
      })
  void anAnswerWithBracesOfItsOwnIsRead(String written, String answer) {
    assertThat(read(written)).isEqualTo(AnswerParser.named("math").read(answer)).isPresent();
  }

  @Test
  void whatStandsBehindTheClosedBoxIsNoPartOfTheAnswer() {
    assertThat(elicitation.written(new LetterPairs().encode("5} or \\boxed{6}", false).ids()))
        .isEqualTo("5}");
  }

  @Test
  void aBoxThatWasNotClosedHoldsNoAnswer() {
    assertThat(read("\\frac{3}")).isEmpty();
    assertThat(read("15")).isEmpty();
  }

  @Test
  void withoutABoxTheTextIsReadAsItStands() {
    Elicitation plain =
        new Elicitation(
            new PretendModel(text -> true, (target, source) -> 1),
            new Wording(" so", " so", " {answer} .", List.of("."), 12));
    assertThat(plain.answer(Mask.of(0), " 5 .")).contains(" so 5 .");
  }
}
