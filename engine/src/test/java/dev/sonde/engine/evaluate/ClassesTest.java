package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.engine.evaluate.control.Classes;
import dev.sonde.engine.evaluate.control.NestedSelection;
import dev.sonde.engine.evaluate.control.RareClass;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClassesTest {
  private static final int ROWS = 180;

  /** Groups of five rows are of class a, b and c in turn; a alone is shifted. */
  private static Planted threeClasses() {
    return new Planted(ROWS, 5)
        .classes(row -> List.of("a", "b", "c").get(row / 5 % 3))
        .positive(row -> row / 5 % 3 == 0)
        .shift(6, row -> row / 5 % 3 == 0);
  }

  @Test
  void theClassThatDiffersIsToldFromTheRestAndFromEachOther() {
    Classes.Result found = found(threeClasses());
    assertThat(found.rest().getFirst().name()).isEqualTo("a");
    assertThat(found.rest().getFirst().auroc().value()).isGreaterThan(0.99);
    assertThat(pair(found, "a", "b")).isGreaterThan(0.99);
    assertThat(pair(found, "a", "c")).isGreaterThan(0.99);
    assertThat(pair(found, "b", "c")).isBetween(0.3, 0.7);
  }

  @Test
  void theConfusionTableCountsEveryHeldOutRowOnce() {
    Classes.Result found = found(threeClasses());
    Table table = found.tables().getFirst();
    assertThat(table.columns()).containsExactly("is", "taken for a", "taken for b", "taken for c");
    assertThat(table.rows())
        .allSatisfy(
            cells ->
                assertThat(IntStream.range(1, 4).map(c -> (Integer) cells.get(c)).sum())
                    .isEqualTo(ROWS / 3));
    assertThat((Integer) table.rows().getFirst().get(1)).isGreaterThan(55);
  }

  @Test
  void accuracyStandsBesideWhatOneGuessReaches() {
    Metric balanced =
        found(threeClasses()).metrics().stream()
            .filter(metric -> metric.name().equals("classes.balanced_accuracy"))
            .findFirst()
            .orElseThrow();
    assertThat(balanced.where()).containsEntry("chance", 1.0 / 3);
    assertThat(balanced.value().orElseThrow())
        .isBetween(0.45, 0.8); // a is known, b and c are guessed
    assertThat(balanced.low().orElseThrow()).isLessThan(balanced.value().orElseThrow());
  }

  @Test
  void twoClassesHaveNoTable() {
    assertThat(found(new Planted(60, 3)).tables()).isEmpty();
  }

  @Test
  void decodersThatAreNotInClosedFormAreNotFittedToEveryClass() {
    Classes.Result found =
        found(threeClasses().decoders(Map.of("dear", new Planted.Means(false)), 0));
    assertThat(found.tables()).isEmpty();
    assertThat(found.notes()).singleElement().asString().contains("closed form");
  }

  @Test
  void whereAClassIsRareItsRecallIsPrinted() {
    RareClass rare =
        new Planted(400, 7)
            .positive(row -> row / 5 % 10 == 0)
            .shift(6, row -> row / 5 % 10 == 0)
            .evaluated()
            .found(NestedSelection.Result.class)
            .flatMap(NestedSelection.Result::rare)
            .orElseThrow();
    assertThat(rare.share()).isCloseTo(0.1, within(1e-12));
    assertThat(rare.averagePrecision().value()).isGreaterThan(0.95);
    assertThat(rare.recalls()).hasSize(2);
    assertThat(rare.recalls().getLast().estimate().value()).isGreaterThan(0.95);
  }

  @Test
  void whereNoneIsRareItIsNot() {
    assertThat(
            new Planted(60, 3)
                .evaluated()
                .found(NestedSelection.Result.class)
                .flatMap(NestedSelection.Result::rare))
        .isEmpty();
  }

  private static Classes.Result found(Planted planted) {
    return planted.evaluated().found(Classes.Result.class).orElseThrow();
  }

  private static double pair(Classes.Result found, String first, String second) {
    return found.pairs().stream()
        .filter(pair -> pair.name().equals(first) && pair.other().equals(second))
        .findFirst()
        .orElseThrow()
        .auroc()
        .value();
  }
}
