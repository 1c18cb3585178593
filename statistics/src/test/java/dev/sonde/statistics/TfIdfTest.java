package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TfIdfTest {
  private static final List<Map<String, Integer>> TRAINING =
      List.of(Map.of("a", 1, "b", 2), Map.of("a", 1, "c", 3), Map.of("a", 5));

  @Test
  void aVectorHasLengthOne() {
    for (Map<String, Integer> document : TRAINING) {
      double[] weights = TfIdf.of(TRAINING).vector(document).weights();
      assertThat(Arrays.stream(weights).map(w -> w * w).sum()).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void rareTermsWeighMore() {
    TfIdf.Vector vector = TfIdf.of(TRAINING).vector(Map.of("a", 1, "b", 1));
    // idf: ln(4/4) + 1 of a, ln(4/2) + 1 of b
    assertThat(vector.weights()[1] / vector.weights()[0]).isCloseTo(1 + Math.log(2), within(1e-12));
  }

  @Test
  void termsOfNoTrainingDocumentDoNotCount() {
    TfIdf weights = TfIdf.of(TRAINING);
    assertThat(weights.vector(Map.of("secret", 9)).columns()).isEmpty();
    assertThat(weights.vector(Map.of("secret", 9, "a", 1)).weights()).containsExactly(1);
  }

  @Test
  void theMostFrequentTermsAreKept() {
    assertThat(TfIdf.of(TRAINING, 2).terms()).containsExactly("a", "b");
    assertThat(TfIdf.of(TRAINING).terms()).containsExactly("a", "b", "c");
  }

  @Test
  void theOrderOfWordsMakesNoDifferenceToTheBit() {
    Map<String, Integer> forth = new LinkedHashMap<>();
    Map<String, Integer> back = new LinkedHashMap<>();
    for (String term : List.of("a", "b", "c")) {
      forth.put(term, 3);
    }
    for (String term : List.of("c", "b", "a")) {
      back.put(term, 3);
    }
    TfIdf weights = TfIdf.of(TRAINING);
    assertThat(weights.vector(forth).weights()).containsExactly(weights.vector(back).weights());
  }
}
