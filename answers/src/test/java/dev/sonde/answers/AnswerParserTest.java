package dev.sonde.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParserTest {
  private static final AnswerParser NUMERIC = AnswerParser.named("numeric");
  private static final AnswerParser MATH = AnswerParser.named("math");
  private static final AnswerParser CHOICE = AnswerParser.named("choice");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "so e 12 + g 5 = 4 .| 4",
        "The final answer is -1,250.50 dollars, not 3| -2501/2",
        "It costs $18.| 18",
        "220employees, 9-3| 3",
        "7 - 2| 2",
        "he owes -3| -3",
        "about 1.5e3 of them| 1500",
        "\\boxed{\\frac{3}{4}} and then 9| 3/4",
        "So the answer is \\boxed{5 \\text{ apples}}| 5",
        "The answer is \\boxed{x = 12}.| 12",
        "12:1,234,567| 1234567",
        "half: 0.50| 1/2",
        "\u22127| -7",
        "an answer: 3/4 of them| 3/4"
      })
  void numbersAreReadWhereTextsPutThem(String text, String expected) {
    assertThat(NUMERIC.parse(text)).get().hasToString(expected);
  }

  @Test
  void theMarkOfGradeSchoolSolutionsComesBeforeTheLastNumber() {
    assertThat(NUMERIC.parse("48/2 = <<48/2=24>>24\n#### 72\nQuestion 2")).get().hasToString("72");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no idea", "\\boxed{x}", "1/0 is nothing a", "v.", "."})
  void aTextWithoutANumberIsNotParsed(String text) {
    assertThat(NUMERIC.judge(text, List.of("7"))).isNotEqualTo(Outcome.RIGHT);
  }

  @Test
  void aBoxThatIsNotClosedIsNoBox() {
    assertThat(MATH.parse("\\boxed{12} wait \\boxed{1")).get().hasToString("12");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\\frac12| 0.5",
        "\\dfrac{6}{8}| 3/4",
        "-\\frac{1}{2}| -.5",
        "1\\frac{1}{2}| 3/2",
        "1 1/2| 1.5",
        "10\\,000| 10000",
        "45^\\circ| 45",
        "50\\%| 50",
        "12\\text{ cm}^2| 12",
        "12 square meters| 12",
        "3 m| 3",
        "$18$| 18",
        "x=5| 5",
        "\\left(1, \\frac{2}{4}\\right)| (1,0.5)",
        "[0, \\infty)| \\left[0,\\infty\\right)",
        "x \\in [0,1]| [0, 1]",
        "\\{3, 1, 2\\}| \\{1,2,3\\}",
        "2, -1| -1,2",
        "2 \\text{ or } -1| 2,-1",
        "(2,3)\\cup(-\\infty, 0)| (-\\infty,0) \\cup (2,3)",
        "1+\\sqrt2| \\sqrt{2} + 1",
        "3x - 2y| -2y+3x",
        "2 \\cdot x| 2x"
      })
  void formulasThatSayTheSameAreEqual(String one, String other) {
    assertThat(MATH.read(one)).isPresent().isEqualTo(MATH.read(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(1, 2)| (2, 1)",
        "[0, 1)| (0, 1)",
        "1/3| 0.333",
        "2x| 3x",
        "x - y| y - x",
        "x^{-1}| x^{1}",
        "\\sqrt{2}| 2",
        "12| 13"
      })
  void formulasThatSayOtherThingsAreNotEqual(String one, String other) {
    assertThat(MATH.read(one)).isPresent().isNotEqualTo(MATH.read(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "The answer is (B).| B",
        "answer is C| C",
        "\\boxed{\\text{D}}| D",
        "E| E",
        "b| B",
        "F. Because it rains| F",
        "It is not (A) but (C)| C",
        "The answer is **(G)**| G"
      })
  void optionsAreReadWithTheirMarks(String text, String expected) {
    assertThat(CHOICE.parse(text)).get().hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A cat sat there", "I do not know", "The answer is (Z)", ""})
  void aTextWithoutAnOptionIsAnOutcomeOfItsOwn(String text) {
    assertThat(CHOICE.judge(text, List.of("A"))).isEqualTo(Outcome.UNPARSED);
  }

  @Test
  void anAliasIsRightWhereItIsAPartOfTheText() {
    AnswerParser alias = AnswerParser.named("alias");

    assertThat(alias.judge("She was born in  New York, I think.", List.of("NYC", "New York")))
        .isEqualTo(Outcome.RIGHT);
    assertThat(alias.judge("Boston.", List.of("NYC", "New York"))).isEqualTo(Outcome.WRONG);
    assertThat(alias.judge(" ... ", List.of("NYC"))).isEqualTo(Outcome.UNPARSED);
  }

  @Test
  void exactlyTheSameTextIsRightWhateverWhiteSpaceStandsInIt() {
    AnswerParser exact = AnswerParser.named("exact");

    assertThat(exact.judge(" New\n York ", List.of("New York"))).isEqualTo(Outcome.RIGHT);
    assertThat(exact.judge("new York", List.of("New York"))).isEqualTo(Outcome.WRONG);
    assertThat(exact.judge("New York.", List.of("New York"))).isEqualTo(Outcome.WRONG);
    assertThat(exact.judge(" \n", List.of("New York"))).isEqualTo(Outcome.UNPARSED);
  }

  @Test
  void aWrongNumberIsWrong() {
    assertThat(NUMERIC.judge("so 5 .", List.of("4"))).isEqualTo(Outcome.WRONG);
    assertThat(NUMERIC.judge("so 4.0 .", List.of("7", "4"))).isEqualTo(Outcome.RIGHT);
  }

  @Test
  void anUnknownParserNamesTheKnownOnes() {
    assertThatThrownBy(() -> AnswerParser.named("regex"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("numeric, math, choice, alias, exact");
  }
}
