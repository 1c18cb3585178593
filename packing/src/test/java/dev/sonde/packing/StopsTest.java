package dev.sonde.packing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.GenerateRequest;
import dev.sonde.api.model.Sequence;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StopsTest {
  private static final List<String> PIECES = List.of("a", "\n", "Q", ":", " Q: b", "\nQ");
  private static final GenerateRequest REQUEST =
      GenerateRequest.greedy(List.of(Sequence.of(1)), 0).stoppingAt(List.of("\nQ:", "b"));

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

  @Test
  void aGenerationEndsWithTheFirstTokenThatEndsIt() {
    assertThat(new Stops(REQUEST.withPieces(PIECES)).end(2, 5, 3, 2, 0)).isEqualTo(3);
    assertThat(new Stops(REQUEST.withPieces(PIECES)).end(2, 3)).isEqualTo(2);
    assertThat(new Stops(REQUEST.withPieces(PIECES)).end()).isZero();
  }

  @Test
  void textsWithoutTheTextOfTokensAreRefused() {
    assertThatThrownBy(() -> new Stops(REQUEST))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("Q:");
    assertThat(new Stops(REQUEST.stoppingAt(List.of())).after(new int[] {0}, 1)).isTrue();
  }

  private static boolean stops(int... tokens) {
    return new Stops(REQUEST.withPieces(PIECES)).after(tokens, tokens.length);
  }

  @Test
  void aClosingBracketStopsOnlyWhereItClosesWhatStoodOpenBefore() {
    assertThat(closed("\\frac", "{", "1", "}", "{2")).isFalse();
    assertThat(closed("\\frac", "{", "1", "}")).isFalse();
    assertThat(closed("\\frac", "{", "1", "}{2}", "}")).isTrue();
    assertThat(closed("x^{2}", "+1}.")).isTrue();
    assertThat(closed("\\{1, 2", "\\}", "}")).as("escaped brackets").isTrue();
    assertThat(closed("\\{1, 2", "\\}")).isFalse();
    assertThat(closed("(", "}")).as("brackets of another kind").isTrue();
  }

  private static boolean closed(String... pieces) {
    GenerateRequest request =
        GenerateRequest.greedy(List.of(Sequence.of(1)))
            .stoppingAt(List.of("}"))
            .withPieces(List.of(pieces));
    return new Stops(request).after(IntStream.range(0, pieces.length).toArray(), pieces.length);
  }
}
