package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NearTextsTest {
  private static final String TEXT =
      "A train leaves the station at noon and travels for three hours at a steady speed before it"
          + " stops in a small town by the sea where nobody waits";

  private final NearTexts texts = new NearTexts();

  @Test
  void aTextThatDiffersInSignsAndCapitalsIsNear() {
    texts.look(0, "a", "Is it far? Yes, it is.");
    assertThat(texts.look(1, "b", "is it far yes it is")).contains(0);
  }

  @Test
  void aTextThatDiffersInOneWordIsNear() {
    texts.look(0, "a", TEXT);
    assertThat(texts.look(1, "b", TEXT.replace("noon", "dawn"))).contains(0);
  }

  @Test
  void rowsOfOneOwnerAreNotCompared() {
    texts.look(0, "a", TEXT);
    assertThat(texts.look(1, "a", TEXT)).isEmpty();
  }

  @Test
  void shortQuestionsOfOneFormAreNotNear() {
    texts.look(0, "a", "What is 12 plus 30?");
    assertThat(texts.look(1, "b", "What is 15 plus 31?")).isEmpty();
  }

  @Test
  void mostOfManyNearTextsAreFoundAndNoneOfTheOthers() {
    Random random = new Random(3);
    int found = 0;
    for (int i = 0; i < 200; i++) {
      String text = random.ints(40, 0, 500).mapToObj(n -> "w" + n).collect(Collectors.joining(" "));
      assertThat(texts.look(2 * i, "t" + i, text)).isEmpty();
      found += texts.look(2 * i + 1, "u" + i, text + " and more").isPresent() ? 1 : 0;
    }
    assertThat(found).isGreaterThan(190);
  }

  @Test
  void textsWithoutWordsAreLeftAlone() {
    texts.look(0, "a", "?!");
    assertThat(texts.look(1, "b", "?!")).isEmpty();
  }
}
