package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.engine.evaluate.control.Limits;
import dev.sonde.engine.evaluate.control.Limits.Reason;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.PermutationTest;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What needs no trained model is given the probe's own chance, and what cannot be told is said. */
class RivalsTest {
  private static final int ROWS = 120;

  private static boolean positive(int row) {
    return row / 5 % 2 == 0;
  }

  private static Planted planted() {
    return new Planted(ROWS, 5).shift(4, RivalsTest::positive);
  }

  private static double reached(Evaluated found, String name) {
    return found.rivals().stream()
        .filter(rival -> rival.words().name().equals(name))
        .findFirst()
        .orElseThrow()
        .estimate()
        .value();
  }

  private static List<Reason> reasons(Evaluated found) {
    return found.found(Limits.Result.class).orElseThrow().reasons().stream()
        .map(Limits.CannotBeTold::reason)
        .toList();
  }

  @Test
  void whereTextsSayNothingNoRivalComesNear() {
    Evaluated found = planted().evaluated();
    assertThat(found.rivals())
        .extracting(rival -> rival.words().name())
        .containsExactly(
            "bag_of_words",
            "characters",
            "length",
            "digits",
            "first_word",
            "last_word",
            "embedding",
            "embedding_mean");
    assertThat(found.margin().orElseThrow().estimate().low()).isPositive();
    assertThat(reasons(found)).isEmpty();
  }

  @Test
  void aPairOfWordsThatTellsTheLabelIsTheStrongestRival() {
    Evaluated found =
        planted()
            .texts(
                row ->
                    (positive(row) ? "red then blue " : "blue then red ")
                        + (positive(row) == (row % 2 == 0) ? "so x" : "x so")
                        + Integer.toString(row * 977, 36))
            .evaluated();
    assertThat(reached(found, "bag_of_words")).isGreaterThan(0.95);
    Margin margin = found.margin().orElseThrow();
    assertThat(margin.over().rank()).isGreaterThan(0.95);
    assertThat(margin.estimate().low()).isLessThanOrEqualTo(0);
  }

  @Test
  void aNamedConfoundIsARivalAloneAndWithTheOthers() {
    // Either alone tells half of the negative rows; together they tell all.
    Evaluated found =
        planted()
            .confound("one", row -> positive(row) || row / 5 % 4 == 1 ? "1" : "0")
            .confound("Second year", row -> positive(row) || row / 5 % 4 == 3 ? "1" : "0")
            .evaluated();
    assertThat(reached(found, "confound.one")).isBetween(0.6, 0.9);
    assertThat(reached(found, "confound.second_year")).isBetween(0.6, 0.9);
    assertThat(reached(found, "confounds")).isGreaterThan(0.98);
    assertThat(reasons(found)).containsExactly(Reason.CONFOUND_IS_LABEL);
    assertThat(found.found(Limits.Result.class).orElseThrow().reasons().getFirst().because())
        .startsWith("all confounds");
  }

  @Test
  void noiseUnderTextsThatStandInSeveralGroupsIsNotDecodable() {
    // The activations of a text follow from it, so its copies give its label away.
    int decodable = 0;
    for (int seed = 0; seed < 20; seed++) {
      int text = seed;
      Evaluated found =
          new Planted(ROWS, seed)
              .groups(row -> "row" + row)
              .texts(row -> "text " + Integer.toString(1000 + row % 30 * 31 + text, 36))
              .positive(row -> Integer.bitCount((row % 30 + 1) * (text + 7919) * 40503) % 2 == 0)
              .featuresOf(row -> row % 30)
              .evaluated();
      double p = found.found(PermutationTest.Result.class).orElseThrow().claim().orElseThrow().p();
      decodable += p <= 0.05 ? 1 : 0;
      assertThat(found.notes()).anyMatch(note -> note.startsWith("120 rows have a text"));
    }
    assertThat(decodable).isLessThan(4);
  }

  @Test
  void textsThatDifferInPunctuationOnlyAreCountedAndNamed() {
    Evaluated found =
        planted()
            .texts(
                row ->
                    Integer.toString(500 + row / 10 * 10 + row % 5, 36)
                        + (row / 5 % 2 == 0 ? "!" : "?"))
            .evaluated();
    assertThat(found.notes()).anyMatch(note -> note.contains("such as r0 and r5"));
  }

  @Test
  void fewerThanSixGroupsOfAClassCannotBeTold() {
    Evaluated few = new Planted(50, 3).shift(9, RivalsTest::positive).evaluated();
    assertThat(reasons(few)).containsExactly(Reason.FEW_GROUPS);
    Limits.CannotBeTold first = few.found(Limits.Result.class).orElseThrow().reasons().getFirst();
    assertThat(first.because()).isEqualTo("5 groups hold 'reasoning' and 5 'memory'");
    assertThat(reasons(new Planted(60, 3).evaluated())).isEmpty();
  }

  @Test
  void drawsThatCannotGiveASmallPCannotTell() {
    assertThat(reasons(planted().permutations(50).evaluated())).containsExactly(Reason.SMALLEST_P);
  }

  @Test
  void theNestedFigureIsAMeanOverPartitionsAndTheirSpreadIsKnown() {
    NestedSelection.Result nested =
        new Planted(ROWS, 4)
            .shift(1, RivalsTest::positive)
            .evaluated()
            .found(NestedSelection.Result.class)
            .orElseThrow();
    assertThat(nested.partitions()).hasSize(10);
    assertThat(nested.spread()).isBetween(0.001, 0.1);
  }
}
