package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergesTest {
  @Test
  void everyWayToMakeAPieceIsAMergeInTheOrderOfTheScores() {
    Map<String, Double> pieces = new LinkedHashMap<>();
    pieces.put("abc", -1.0);
    pieces.put("ab", -0.0);
    pieces.put("bc", -2.0);
    pieces.put("a", -3.0);
    pieces.put("b", -4.0);
    pieces.put("c", -5.0);

    assertThat(Merges.ofScores(pieces))
        .containsExactly(
            List.of("a", "b"), List.of("ab", "c"), List.of("a", "bc"), List.of("b", "c"));
  }

  @Test
  void charactersBeyondTheFirstPlaneAreNotCut() {
    assertThat(Merges.ofScores(Map.of("🦙🦙", -1.0, "🦙", -2.0, "", 0.0)))
        .containsExactly(List.of("🦙", "🦙"));
  }
}
