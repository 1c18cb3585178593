package dev.sonde.engine.evaluate.fit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.Correlation;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeasureTest {
  private static final double[] SCORES = {3, 1, 2, 9, 9, 9};
  private static final double[] GRADED = {1, 2, 3, 4, 4, 10};
  private static final int[] ALL = {0, 1, 2, 3, 4, 5};
  private static final Split FIRST = new Split(new int[] {3, 4, 5}, new int[] {0, 1, 2});
  private static final Split SECOND = new Split(new int[] {0, 1, 2}, new int[] {3, 4, 5});

  @Test
  void foldsAreMeantByTheirRows() {
    double[] scores = {3, 1, 2, 5, 7, 6};
    Targets targets = Targets.real(GRADED);
    double first = Correlation.spearman(new double[] {3, 1, 2}, new double[] {1, 2, 3});
    double second = Correlation.spearman(new double[] {5, 7, 6}, new double[] {4, 4, 10});
    assertThat(new HeldOutScores(scores, List.of(FIRST, SECOND), targets).merit().value())
        .isCloseTo((first + second) / 2, within(1e-12));
  }

  @Test
  void aucsOfFoldsAreMeantByTheirPairs() {
    Targets targets = Targets.binary(new boolean[] {true, false, false, true, true, false});
    // two pairs in order in the first fold; two tied ones in the second
    assertThat(new HeldOutScores(SCORES, List.of(FIRST, SECOND), targets).merit().value())
        .isEqualTo((2 + 2 * 0.5) / 4);
  }

  @Test
  void scoresThatDoNotVaryInAFoldAreChanceThere() {
    Targets targets = Targets.real(GRADED);
    double first = Correlation.spearman(new double[] {3, 1, 2}, new double[] {1, 2, 3});
    HeldOutScores heldOut = new HeldOutScores(SCORES, List.of(FIRST, SECOND), targets);
    assertThat(heldOut.merit().value()).isCloseTo(first / 2, within(1e-12));
    assertThat(heldOut.pearson().value()).isCloseTo(first / 2, within(1e-12));
  }

  @Test
  void aFoldWhoseTargetsDoNotVaryDoesNotCount() {
    Targets targets = Targets.real(new double[] {1, 2, 3, 4, 4, 4});
    double first = Correlation.spearman(new double[] {3, 1, 2}, new double[] {1, 2, 3});
    assertThat(new HeldOutScores(SCORES, List.of(FIRST, SECOND), targets).merit().value())
        .isCloseTo(first, within(1e-12));
    Targets same = Targets.real(new double[6]);
    assertThat(new HeldOutScores(SCORES, List.of(FIRST, SECOND), same).merit().value()).isNaN();
  }

  @Test
  void weightsAreThoseOfTheStudysRows() {
    double[] scores = {5, 1, 2, 3, 4, 0};
    Targets targets = Targets.real(GRADED);
    HeldOutScores heldOut = new HeldOutScores(scores, List.of(new Split(new int[0], ALL)), targets);
    double[] weights = {0, 1, 2, 0, 0, 1};
    assertThat(heldOut.merit().value(weights))
        .isCloseTo(Correlation.ofRanks(scores, GRADED).of(weights), within(1e-12));
  }
}
