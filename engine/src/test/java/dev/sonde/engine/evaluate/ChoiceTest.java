package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.engine.evaluate.Planted.Means;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.NullTest;
import dev.sonde.engine.evaluate.control.PermutationTest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The p of the claim is of exactly those decoders that nested selection may choose. */
class ChoiceTest {
  /** Two hook points in five folds. */
  private static final int FITS = 10;

  private static Planted planted() {
    return new Planted(120, 5).shift(2, row -> row / 5 % 2 == 0);
  }

  private static Map<String, Decoder> both() {
    Map<String, Decoder> both = new LinkedHashMap<>();
    both.put("cheap", new Means(true));
    both.put("dear", new Means(false));
    return both;
  }

  private static PermutationTest.Result tests(Evaluated found) {
    return found.found(PermutationTest.Result.class).orElseThrow();
  }

  private static List<String> choosable(Evaluated found) {
    return found.found(NestedSelection.Result.class).orElseThrow().choosable();
  }

  @Test
  void aDecoderWhoseRefitsAreNotPaidForIsShownButNotChosen() {
    Evaluated found = planted().decoders(both(), 0).evaluated();
    assertThat(choosable(found)).containsExactly("cheap");
    assertThat(tests(found).claim().map(NullTest::decoders)).contains(List.of("cheap"));
    assertThat(found.notes())
        .filteredOn(note -> note.contains("dear"))
        .as("said once")
        .singleElement()
        .asString()
        .contains("has no p", "evaluation.refits is 0", "Set it to 990 or more");
    assertThat(found.tried()).anyMatch(one -> one.choice().decoder().equals("dear"));
  }

  @Test
  void aDecoderWhoseRefitsArePaidForIsChosenAndTested() {
    Evaluated found = planted().decoders(both(), 99 * FITS).evaluated();
    assertThat(choosable(found)).containsExactly("cheap", "dear");
    NullTest claim = tests(found).claim().orElseThrow();
    assertThat(claim.decoders()).containsExactly("cheap", "dear");
    assertThat(claim.p()).isLessThanOrEqualTo(0.05);
  }

  @Test
  void aDecoderThatIsAloneAndNotPaidForLeavesTheClaimUntested() {
    Evaluated found = planted().decoders(Map.of("dear", new Means(false)), 0).evaluated();
    assertThat(tests(found).claim()).isEmpty();
    assertThat(choosable(found)).containsExactly("dear");
  }

  @Test
  void drawingEndsOnceTenLabelingsReachTheFigure() {
    Evaluated noise =
        new Planted(120, 6).decoders(Map.of("dear", new Means(false)), 99 * FITS).evaluated();
    NullTest claim = tests(noise).claim().orElseThrow();
    assertThat(claim.stopped()).isTrue();
    assertThat(claim.draws()).isBetween(10, 98);
    assertThat(claim.p()).isEqualTo(10.0 / claim.draws());
    NullTest drawn =
        tests(planted().decoders(Map.of("dear", new Means(false)), 99 * FITS).evaluated())
            .claim()
            .orElseThrow();
    assertThat(drawn.stopped()).isFalse();
    assertThat(drawn.draws()).isEqualTo(99);
  }

  @Test
  void groupsThatHoldOneLabelEachAskOneQuestionAndMixedOnesTwo() {
    PermutationTest.Result pure = tests(planted().evaluated());
    assertThat(pure.between()).isPresent();
    assertThat(pure.inside()).isEmpty();
    Evaluated mixed =
        new Planted(120, 7)
            .positive(row -> (row / 5 % 2 == 0) != (row % 5 == 3))
            .shift(2, row -> row / 5 % 2 == 0)
            .evaluated();
    assertThat(tests(mixed).between().orElseThrow().p()).isLessThanOrEqualTo(0.05);
    assertThat(tests(mixed).inside().orElseThrow().p()).isGreaterThan(0.05);
    NestedSelection.Result nested = mixed.found(NestedSelection.Result.class).orElseThrow();
    assertThat(nested.between().orElseThrow().value()).isGreaterThan(0.75);
    assertThat(nested.inside().orElseThrow().value()).isBetween(0.2, 0.7);
  }

  @Test
  void contrastPairsAreJudgedByTheShareOfPairsInTheRightOrder() {
    Evaluated pairs =
        new Planted(60, 8)
            .groups(row -> "pair" + row / 2)
            .positive(row -> row % 2 == 0)
            .shift(2, row -> row % 2 == 0)
            .evaluated();
    assertThat(tests(pairs).between()).isEmpty();
    assertThat(tests(pairs).inside().orElseThrow().p()).isLessThanOrEqualTo(0.05);
    NestedSelection.Result nested = pairs.found(NestedSelection.Result.class).orElseThrow();
    assertThat(nested.inside().orElseThrow().value()).isGreaterThan(0.8);
  }
}
