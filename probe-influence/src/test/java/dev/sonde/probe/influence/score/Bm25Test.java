package dev.sonde.probe.influence.score;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Bm25Test {
  @Test
  void wordsRankTheDocumentThatSharesThemFirst() {
    try (Bm25 bm25 = new Bm25(List.of("a cat sat", "the vafip of 7 2", "dogs and cats", ""))) {
      double[] scores = bm25.scores("what is the vafip of 7 2 ?");
      assertThat(InfluenceScores.ranking(scores)[0]).isEqualTo(1);
      assertThat(scores[3]).isZero();
    }
  }
}
