package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignFlipsTest {
  private static final Groups EACH = Groups.ofSingleRows(4);

  @Test
  void allPatternsAreCountedWhereTheyAreFew() {
    SignFlips best = SignFlips.of(new double[] {1, 2, 3, 4}, EACH, 16, new Random(1));
    assertThat(best).isEqualTo(new SignFlips(1.0 / 16, 15, true));
    // by hand: 5 of 16 patterns of 1, 2, 3, 4 sum to at least 4
    SignFlips middle = SignFlips.of(new double[] {1, 2, -3, 4}, EACH, 16, new Random(1));
    assertThat(middle.p()).isEqualTo(5.0 / 16);
  }

  @Test
  void drawnPatternsComeCloseAndNeverGiveZero() {
    double[] differences = {1, 2, -3, 4};
    SignFlips drawn = SignFlips.of(differences, EACH, 15, new Random(1));
    assertThat(drawn.exact()).isFalse();
    double[] twelve = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, -12};
    Groups each = Groups.ofSingleRows(12);
    double exact = SignFlips.of(twelve, each, 4096, new Random(1)).p();
    assertThat(SignFlips.of(twelve, each, 4095, new Random(1)).p()).isCloseTo(exact, within(0.02));
    double[] certain = {9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9};
    assertThat(SignFlips.of(certain, each, 99, new Random(1)).p()).isEqualTo(0.01);
  }

  @Test
  void rowsOfAGroupChangeSignTogether() {
    double[] differences = {1, 1, 1, 1};
    Groups pairs = Groups.of(List.of("a", "a", "b", "b"));
    assertThat(SignFlips.of(differences, pairs, 99, new Random(1)).p()).isEqualTo(0.25);
    assertThat(SignFlips.of(differences, EACH, 99, new Random(1)).p()).isEqualTo(1.0 / 16);
  }

  @Test
  void equalRowsShowNothing() {
    assertThat(SignFlips.of(new double[4], EACH, 99, new Random(1)).p()).isEqualTo(1);
  }

  @Test
  void sumsThatAreEqualButForRoundingAreEqual() {
    // 0.1 + 0.2 - 0.3 is not 0 in floating point; all patterns of it with 0 reach it, or its mirror
    double[] differences = {0.1, 0.2, -0.3};
    Groups each = Groups.ofSingleRows(3);
    assertThat(SignFlips.of(differences, each, 99, new Random(1)).p()).isEqualTo(5.0 / 8);
  }
}
