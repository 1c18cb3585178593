package dev.sonde.engine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  @Test
  void aLineIsBrokenBetweenWordsAndIndentedFromTheSecondOn() {
    assertThat(Lines.wrapped("  one two three four", 12, 4))
        .containsExactly("  one two", "    three", "    four");
  }

  @Test
  void whatFitsStaysAsItIs() {
    assertThat(Lines.wrapped("     a   b", 10, 2)).isEqualTo(List.of("     a   b"));
  }

  @Test
  void aWordWiderThanTheScreenStandsWholeOnALineOfItsOwn() {
    assertThat(Lines.wrapped("see artifacts/a.direction.gguf there", 10, 2))
        .containsExactly("see", "  artifacts/a.direction.gguf", "  there");
  }

  @Test
  void nothingOfATextIsLostAndEveryLineFits() {
    String text =
        "the difference is -0.056 [-0.120, 0.210] because the mean embedding reaches 1.000";
    for (int width = 14; width < 90; width++) {
      List<String> lines = Lines.wrapped(text, width, 3);
      assertThat(String.join(" ", lines).replaceAll(" +", " ")).isEqualTo(text);
      for (String line : lines) {
        assertThat(line.length()).isLessThanOrEqualTo(width);
      }
    }
  }

  @Test
  void aCutTextSaysThatItIsCut() {
    assertThat(Lines.cut("cross-validation", 8)).isEqualTo("cross-v…");
    assertThat(Lines.cut("short", 8)).isEqualTo("short");
  }
}
