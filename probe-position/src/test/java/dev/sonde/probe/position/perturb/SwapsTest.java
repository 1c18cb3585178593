package dev.sonde.probe.position.perturb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SwapsTest {
  private static final int TOKENS = 200;

  private final Swaps swaps = Swaps.of(new Random(1), TOKENS, 4);

  @Test
  void noFractionMovesNothing() {
    assertThat(swaps.order(0)).containsExactly(IntStream.range(0, TOKENS).toArray());
  }

  @Test
  void pairsAreDisjointNearAndLeaveTheFirstTokenAlone() {
    int[] order = swaps.order(0.5);
    assertThat(order[0]).isZero();
    for (int token = 0; token < TOKENS; token++) {
      assertThat(order[order[token]]).isEqualTo(token);
      assertThat(Math.abs(order[token] - token)).isLessThanOrEqualTo(4);
    }
    assertThat(moved(order)).isEqualTo(TOKENS / 2);
  }

  @Test
  void whatMovesAtASmallFractionMovesAtALargerOneToo() {
    int[] few = swaps.order(0.1);
    int[] many = swaps.order(0.2);
    for (int token = 0; token < TOKENS; token++) {
      if (few[token] != token) {
        assertThat(many[token]).isEqualTo(few[token]);
      }
    }
  }

  @Test
  void wordsAreSwappedWithWordsOfAsManyTokensSoThatAllElseStays() {
    int[] starts = {0, 2, 3, 5, 6, 8, 11, 12};
    int[] order = Swaps.of(new Random(2), starts, 12).order(1);
    assertThat(order[0]).isZero();
    assertThat(order[1]).isEqualTo(1);
    assertThat(new int[] {order[8], order[9], order[10]})
        .as("the one word of three tokens")
        .containsExactly(8, 9, 10);
    assertThat(new int[] {order[3], order[4], order[6], order[7]}).containsExactly(6, 7, 3, 4);
  }

  private static long moved(int[] order) {
    return IntStream.range(0, order.length).filter(t -> order[t] != t).count();
  }
}
