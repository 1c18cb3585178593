package dev.sonde.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GenerateRequestTest {
  private static final List<String> PIECES = List.of("a", "\n", "Q", ":", " Q: b", "\nQ");
  private static final GenerateRequest REQUEST =
      GenerateRequest.greedy(List.of(Sequence.of(1)), 0).stoppingAt(List.of("\nQ:", "b"), PIECES);

  @Test
  void aStopStringMayBeginAnywhereAndEndInsideAToken() {
    assertThat(stops(1, 2, 3)).isTrue();
    assertThat(stops(5, 3)).isTrue();
    assertThat(stops(4)).isTrue();
    assertThat(stops(3, 1, 2, 3)).isTrue();
  }

  @Test
  void nothingElseStops() {
    assertThat(stops(1, 2)).isFalse();
    assertThat(stops(2, 3)).isFalse();
    assertThat(stops(1, 2, 1, 3)).isFalse();
  }

  @Test
  void whatWasCompleteBeforeTheLastTokenDoesNotCount() {
    assertThat(stops(4, 2)).isFalse();
    assertThat(stops(1, 2, 3, 3)).isFalse();
  }

  @Test
  void aStopTokenEndsWhateverItsText() {
    assertThat(stops(2, 0)).isTrue();
  }

  private static boolean stops(int... tokens) {
    return REQUEST.stopsAfter(tokens, tokens.length);
  }
}
