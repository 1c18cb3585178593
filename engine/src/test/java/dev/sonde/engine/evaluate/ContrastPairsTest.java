package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Decoder;
import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.engine.evaluate.control.ContrastPairs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Contrast pairs are told apart where one of their texts was shifted, and nowhere else. */
class ContrastPairsTest {
  private static final int ROWS = 80;

  @Test
  void aShiftOfThePositiveTextsIsFoundInPairs() {
    ContrastPairs.Nested found = found(new Planted(ROWS, 3).pairs().shift(3, row -> row % 2 == 0));
    assertThat(found.accuracy().value()).isGreaterThan(0.9);
    assertThat(found.accuracy().low()).isGreaterThan(0.5);
    assertThat(found.test().p()).isEqualTo(1.0 / 100);
    assertThat(found.test().smallest()).isEqualTo(1.0 / 100);
  }

  @Test
  void noiseIsNotFound() {
    ContrastPairs.Nested found = found(new Planted(ROWS, 4).pairs());
    assertThat(found.accuracy().low()).isLessThan(0.5);
    assertThat(found.test().p()).isGreaterThan(0.01);
  }

  @Test
  void whatPairsHaveInCommonTellsNothing() {
    ContrastPairs.Nested found =
        found(new Planted(ROWS, 3).pairs().shift(50, row -> row / 2 % 2 == 0));
    assertThat(found.test().p()).isGreaterThan(0.01);
  }

  @Test
  void paraphrasesOfOnePairAreOnePieceOfEvidence() {
    ContrastPairs.Nested found =
        found(
            new Planted(ROWS, 3)
                .pairs()
                .groups(row -> "g" + row / 20)
                .shift(3, row -> row % 2 == 0));
    assertThat(found.accuracy().value()).isGreaterThan(0.9);
    assertThat(found.test().smallest()).isEqualTo(1.0 / 16); // two to the power of four groups
  }

  @Test
  void theAccuracyIsTheShareOfPairsInTheRightOrder() {
    // of pairs whose rows differ along one feature the mean difference ranks each rightly or
    // wrongly
    Evaluated evaluated = new Planted(ROWS, 3).pairs().shift(1000, row -> row % 2 == 0).evaluated();
    assertThat(evaluated.metrics())
        .filteredOn(metric -> metric.name().equals("pairs.accuracy"))
        .hasSize(2)
        .allSatisfy(metric -> assertThat(metric.value().orElseThrow()).isEqualTo(1))
        .extracting(metric -> metric.where().get("fitted_to"))
        .containsExactly("differences", "texts");
  }

  @Test
  void onDifferencesDecodersSeeEachPairAndItsNegative() {
    List<Double> sums = new ArrayList<>();
    Decoder spy =
        new Decoder() {
          @Override
          public Scorer fit(Design train, Targets targets) {
            double[] row = new double[train.columns()];
            double sum = 0;
            for (int r = 0; r < train.rows(); r++) {
              train.copyRow(r, row);
              sum += row[0];
            }
            sums.add(Math.abs(sum));
            return new Planted.Means(true).fit(train, targets);
          }

          @Override
          public boolean closedForm() {
            return true;
          }
        };
    new Planted(ROWS, 5).pairs().decoders(Map.of("spy", spy), 0).permutations(3).evaluated();
    // the search on differences fits as often as the one on texts: those sums vanish to the bit
    assertThat(sums).filteredOn(sum -> sum == 0).hasSizeGreaterThan(sums.size() / 4);
  }

  @Test
  void aShiftThatBothTextsOfAPairShareIsNoDifference() {
    double alone = found(new Planted(ROWS, 3).pairs()).accuracy().value();
    double shared = found(new Planted(ROWS, 3).pairs().shift(8, row -> true)).accuracy().value();
    assertThat(shared).isCloseTo(alone, within(0.05)); // float32 rounds the shifted rows
  }

  private static ContrastPairs.Nested found(Planted planted) {
    return planted
        .evaluated()
        .found(ContrastPairs.Result.class)
        .flatMap(ContrastPairs.Result::nested)
        .orElseThrow();
  }
}
