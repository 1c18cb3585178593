package dev.sonde.probe.position.atlas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.probe.position.read.CausalPairs;
import dev.sonde.probe.position.read.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;

class LooksTest {
  /** A first token, then five that come twice. */
  private static final int[] IDS = {9, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5};

  /** Shares of a head that looks at one key alone. */
  private static Map<Pattern, Double> looking(IntUnaryOperator keyOfQuery) {
    CausalPairs cells = CausalPairs.of(IDS.length, 0, 0);
    double[] shares = new double[cells.count()];
    for (int query = 0; query < IDS.length; query++) {
      shares[cells.start(query) + keyOfQuery.applyAsInt(query)] = 1;
    }
    return Looks.of(cells, shares, IDS);
  }

  @Test
  void aHeadThatLooksAtTheTokenBeforeIsAPreviousTokenHead() {
    Map<Pattern, Double> looks = looking(query -> Math.max(0, query - 1));
    assertThat(looks.get(Pattern.PREVIOUS)).isEqualTo(1);
    assertThat(looks.get(Pattern.LOCAL)).isZero();
    assertThat(looks.get(Pattern.INDUCTION)).isZero();
    assertThat(looks.get(Pattern.SINK))
        .as("the second token's one before")
        .isCloseTo(0.1, within(1e-12));
  }

  @Test
  void aHeadThatLooksAtTheSameTokenEarlierIsADuplicateTokenHead() {
    Map<Pattern, Double> looks = looking(query -> query > 5 ? query - 5 : 0);
    assertThat(looks.get(Pattern.DUPLICATE)).isEqualTo(1);
    assertThat(looks.get(Pattern.INDUCTION)).isZero();
    assertThat(looks.get(Pattern.SINK)).isEqualTo(0.5);
  }

  @Test
  void aHeadThatLooksAtWhatFollowedTheSameTokenCopiesIt() {
    Map<Pattern, Double> looks = looking(query -> query > 5 ? query - 4 : 0);
    assertThat(looks.get(Pattern.INDUCTION)).isEqualTo(1);
    assertThat(looks.get(Pattern.RETRIEVAL)).isEqualTo(1);
    assertThat(looks.get(Pattern.DUPLICATE)).isZero();
  }

  @Test
  void aTextWithoutRepetitionsTellsNothingOfInduction() {
    int[] ids = {1, 2, 3};
    CausalPairs cells = CausalPairs.of(ids.length, 0, 0);
    Map<Pattern, Double> looks = Looks.of(cells, new double[cells.count()], ids);
    assertThat(looks.get(Pattern.INDUCTION)).isNaN();
    assertThat(looks.get(Pattern.SINK)).isZero();
  }

  @Test
  void randomTokensComeTwiceInOneOrder() {
    Text text = new Text(new int[] {7, 1, 2, 3, 4, 5, 6, 1, 2}, new boolean[9]);
    for (Text repeat : Repeats.of(List.of(text), new Random(1))) {
      assertThat(repeat.length()).isEqualTo(9);
      assertThat(repeat.ids()[0]).isEqualTo(7);
      for (int place = 1; place <= 4; place++) {
        assertThat(repeat.ids()[place]).isEqualTo(repeat.ids()[place + 4]);
      }
      assertThat(Arrays.stream(repeat.ids(), 1, 5).distinct()).hasSize(4);
    }
  }
}
