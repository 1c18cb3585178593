package dev.sonde.probe.stepimportance.chain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.probe.stepimportance.LetterPairs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BordersTest {
  private static final LetterPairs PAIRS = new LetterPairs();

  @Test
  void theSameTokenizerFindsTheSameSteps() {
    Chain chain = chain("pq", "abcd", "ef");

    Borders borders = Borders.of(PAIRS, chain, false);

    assertThat(borders.tokens()).isEqualTo(chain.tokens());
    assertThat(borders.steps()).extracting(Optional::get).isEqualTo(chain.steps());
  }

  @Test
  void stepsWhoseBorderLiesInsideOfATokenAreLeftOut() {
    // Pairs of "pqabcdefgh": pq ab cd ef gh; the border behind "abc" lies inside of cd.
    Borders borders = Borders.of(PAIRS, chain("pq", "abc", "def", "gh"), false);

    assertThat(borders.steps().get(0)).isEmpty();
    assertThat(borders.steps().get(1)).isEmpty();
    assertThat(borders.steps().get(2)).contains(new Step("gh", 4, 5));
  }

  @Test
  void whiteSpaceMayStandOnEitherSideOfABorder() {
    // Steps end with a space, which the words of the other tokenizer begin with.
    Chain chain = chain("pq ", "ab ", "cd ");

    assertThat(Borders.of(new Words(), chain, false).steps())
        .extracting(Optional::get)
        .containsExactly(new Step("ab ", 1, 2), new Step("cd ", 2, 3));
  }

  private static Chain chain(String prompt, String... steps) {
    return StepTokens.chain(PAIRS, "x", "g", prompt, false, List.of(steps)).orElseThrow();
  }

  /** Words with the white space before them. */
  private static final class Words implements Tokenizer {
    @Override
    public Encoding encode(String text, boolean specialTokens) {
      String[] words = text.stripTrailing().split("(?=\\s)", -1);
      int[] starts = new int[words.length];
      int[] ends = new int[words.length];
      int end = 0;
      for (int i = 0; i < words.length; i++) {
        starts[i] = end;
        end += words[i].length();
        ends[i] = end;
      }
      return Encoding.of(new int[words.length], starts, ends);
    }

    @Override
    public String decode(int[] ids) {
      throw new UnsupportedOperationException("words have no ids here");
    }

    @Override
    public String token(int id) {
      throw new UnsupportedOperationException("words have no ids here");
    }

    @Override
    public void close() {}
  }
}
