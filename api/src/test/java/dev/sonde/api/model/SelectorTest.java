package dev.sonde.api.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.UnsupportedCapabilityException;
import org.junit.jupiter.api.Test;

class SelectorTest {
  private static final Sequence SEQUENCE =
      Sequence.of(5, 6, 7, 8).span(new Span("one", 0, 2)).span(new Span("two", 3, 4));

  @Test
  void eachKindNamesItsTokens() {
    assertThat(Selector.last().tokens(SEQUENCE)).containsExactly(3);
    assertThat(Selector.first().tokens(SEQUENCE)).containsExactly(0);
    assertThat(Selector.index(1).tokens(SEQUENCE)).containsExactly(1);
    assertThat(Selector.index(-4).tokens(SEQUENCE)).containsExactly(0);
    assertThat(Selector.all().tokens(SEQUENCE)).containsExactly(0, 1, 2, 3);
    assertThat(Selector.eachSpan().tokens(SEQUENCE)).containsExactly(0, 1, 3);
  }

  @Test
  void spansAreRunsOfTheirOwn() {
    assertThat(Selector.eachSpan().runs(SEQUENCE)).isEqualTo(SEQUENCE.spans());
    assertThat(Selector.all().runs(SEQUENCE)).hasSize(1);
  }

  @Test
  void anIndexOutsideTheSequenceIsRefused() {
    for (int index : new int[] {4, -5}) {
      assertThatThrownBy(() -> Selector.index(index).tokens(SEQUENCE))
          .isInstanceOf(UnsupportedCapabilityException.class)
          .hasMessageContaining("index:" + index)
          .hasMessageContaining("4 tokens");
    }
  }

  @Test
  void aKindThatIsNotKnownHereIsRefusedByName() {
    assertThatThrownBy(() -> Selector.of("every", 2).runs(SEQUENCE))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("every:2");
  }

  @Test
  void itsTextIsReadBack() {
    for (String text : new String[] {"last", "first", "all", "spans", "index:-2", "index:0"}) {
      assertThat(Selector.parse(text)).hasToString(text);
    }
  }
}
