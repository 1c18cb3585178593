package dev.sonde.probe.position.read;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.text.Encoding;
import org.junit.jupiter.api.Test;

class ScoredPartTest {
  private static final String ROW = "Q:ab A:cd Q:e A:f";

  /** A token a character, behind one that stands for no text. */
  private static boolean[] counted(String expression) {
    int[] starts = new int[ROW.length() + 1];
    int[] ends = new int[starts.length];
    for (int token = 1; token < starts.length; token++) {
      starts[token] = token - 1;
      ends[token] = token;
    }
    return ScoredPart.of(expression).of(ROW, Encoding.of(new int[starts.length], starts, ends));
  }

  private static String text(boolean[] counted) {
    StringBuilder text = new StringBuilder();
    for (int token = 1; token < counted.length; token++) {
      text.append(counted[token] ? ROW.charAt(token - 1) : "");
    }
    return text.toString();
  }

  @Test
  void withoutAnExpressionEveryTokenCounts() {
    assertThat(counted("")).doesNotContain(false);
  }

  @Test
  void theFirstGroupOfEveryMatchCounts() {
    boolean[] answers = counted("A:(.*?)(?= Q:|$)");
    assertThat(text(answers)).isEqualTo("cdf");
    assertThat(answers[0]).as("a token that stands for no text").isFalse();
  }

  @Test
  void withoutAGroupTheWholeMatchCounts() {
    assertThat(text(counted("A:.."))).isEqualTo("A:cd");
  }
}
