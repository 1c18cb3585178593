package dev.sonde.probe.stepimportance.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.testkit.ListedStudy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlantedTest {
  private static final Example ROW =
      ListedStudy.of(
              "question",
              List.of(
                  Map.of(
                      "question",
                      "q",
                      "needed",
                      List.of("true", "false", "false", "false"),
                      "either",
                      List.of("1 3"))))
          .examples()
          .getFirst();

  private final Planted planted = Planted.of(ROW, 4, "needed", "either").orElseThrow();

  @Test
  void ofStepsOfWhichOneSufficesTheSecondHoldsNothing() {
    assertThat(planted.size()).isEqualTo(2);
    assertThat(planted.in(Mask.of(0, 1))).isEqualTo(2);
    assertThat(planted.in(Mask.of(0, 1, 3))).isEqualTo(2);
    assertThat(planted.in(Mask.of(2, 3))).isEqualTo(1);
  }

  @Test
  void neitherOfThemIsADistractor() {
    assertThat(planted.distractors(Mask.first(4))).isEqualTo(Mask.of(2));
  }

  @Test
  void aRowSaysNothingOfAChainOfOtherSteps() {
    assertThat(Planted.of(ROW, 5, "needed", "either")).isEmpty();
    assertThat(Planted.of(ROW, 4, "other", "either")).isEmpty();
  }
}
