package dev.sonde.probe.stepimportance.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentationTest {
  @Test
  void sentencesEndAtPunctuationBeforeSpaceAndAtBlankLines() {
    assertThat(
            steps(
                "authors",
                "First we add 3.5 and 4. That is clearly 7.5! Is it enough?\nYes it surely is\n\nSo we stop here now"))
        .containsExactly(
            "First we add 3.5 and 4. ",
            "That is clearly 7.5! ",
            "Is it enough?\n",
            "Yes it surely is\n\n",
            "So we stop here now");
  }

  @Test
  void shortPiecesBelongToTheStepBefore() {
    assertThat(steps("authors", "We take seven apples. Ok. Then we eat two of them. Done."))
        .containsExactly("We take seven apples. Ok. ", "Then we eat two of them. Done.");
  }

  @Test
  void aShortFirstPieceOpensTheNextStep() {
    assertThat(steps("authors", "Hm. Let me think of it. And then we compute it."))
        .containsExactly("Hm. Let me think of it. ", "And then we compute it.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sentences", "authors", "lines", "regex:;"})
  void stepsCoverTheTextAndAreNotEmpty(String name) {
    String text =
        "\n\nOne. Two; three\n four.\n\n\n 12345678901. x\n\n. . .\nThe end of this text.  ";
    assertThat(String.join("", steps(name, text))).isEqualTo(text);
    assertThat(steps(name, text)).allSatisfy(step -> assertThat(step).isNotEmpty());
  }

  @Test
  void anUnknownNameNamesTheKnownOnes() {
    assertThatThrownBy(() -> Segmentation.named("words"))
        .hasMessageContaining("sentences, authors, lines and regex:EXPRESSION");
    assertThatThrownBy(() -> Segmentation.named("regex:(")).hasMessageContaining("regex:(");
  }

  private static List<String> steps(String name, String text) {
    return Segmentation.named(name).cut(text);
  }
}
