package dev.sonde.probe.influence.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.probe.influence.read.Row;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class Bm25Test {
  private static List<TokenizedText> texts(String... texts) {
    return Stream.of(texts)
        .map(text -> new TokenizedText(Row.of(text), text, new int[] {0, 1}, 1))
        .toList();
  }

  @Test
  void wordsRankTheDocumentThatSharesThemFirstAndThoseThatShareNoneInTheirOrder() {
    List<TokenizedText> documents = texts("a cat", "dogs", "the vafip of 7 2", "of cats", "");
    Rankings rankings = Bm25.rankings(documents, texts("what is the vafip of 7 2 ?"), 5, List.of());
    assertThat(rankings.of(0).documents()).containsExactly(2, 3, 0, 1, 4);
    assertThat(rankings.of(0).scores()[2]).isZero();
  }

  @Test
  void fewerAreHeldThanThereAreAndSubsetsAreSummedOverAll() {
    List<TokenizedText> documents = texts("red fox", "fox", "fox fox", "hen");
    Rankings all = Bm25.rankings(documents, texts("fox"), 4, List.of());
    BitSet subset = new BitSet();
    subset.set(0, 4);
    subset.clear(2);
    Rankings held = Bm25.rankings(documents, texts("fox"), 2, List.of(subset));
    assertThat(held.of(0).documents()).containsExactly(all.of(0).top(2));
    double sum = 0;
    for (int rank = 0; rank < 4; rank++) {
      sum += subset.get(all.of(0).documents()[rank]) ? all.of(0).scores()[rank] : 0;
    }
    assertThat(held.sums()[0][0]).isCloseTo(sum, within(1e-9));
  }
}
