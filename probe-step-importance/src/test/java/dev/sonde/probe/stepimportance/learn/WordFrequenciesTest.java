package dev.sonde.probe.stepimportance.learn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WordFrequenciesTest {
  @Test
  void wordsOfHeldOutTextsAreNotSeen() {
    WordFrequencies words = new WordFrequencies(List.of("a b", "a c", "secret word"));
    Features.Fold fold = words.of(new int[] {0, 1}, new int[] {2});

    assertThat(fold.train().columns()).isEqualTo(5); // a, b, c, "a b", "a c"
    assertThat(fold.test().row(0)).containsOnly(0);
    assertThat(Arrays.stream(fold.train().row(0)).map(v -> v * v).sum())
        .isEqualTo(1, Offset.offset(1e-6));
  }
}
