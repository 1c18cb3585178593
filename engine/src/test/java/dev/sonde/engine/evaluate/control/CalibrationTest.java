package dev.sonde.engine.evaluate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Targets;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static final int ROWS = 200;
  private static final int[] ALL = IntStream.range(0, ROWS).toArray();

  @Test
  void perfectSeparationIsCertainOnlyAsFarAsTheRowsAllow() {
    Calibration calibration = Calibration.of(scores(1), ALL, alternating());
    assertThat(calibration.probability(1)).isBetween(0.95, 0.999);
    assertThat(calibration.probability(-1)).isBetween(0.001, 0.05);
  }

  @Test
  void scoresThatSayNothingGiveTheShareOfTheClass() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS / 4; row++) {
      positive[row] = true;
    }
    Calibration calibration = Calibration.of(new double[ROWS], ALL, Targets.binary(positive));
    assertThat(calibration.probability(0)).isCloseTo(0.25, within(0.02));
  }

  @Test
  void theScaleOfScoresDoesNotMatter() {
    Targets targets = alternating();
    double once = Calibration.of(scores(1), ALL, targets).probability(0.5);
    double large = Calibration.of(scores(1e6), ALL, targets).probability(0.5e6);
    assertThat(large).isCloseTo(once, within(1e-9));
  }

  private static double[] scores(double scale) {
    return IntStream.range(0, ROWS).mapToDouble(row -> row % 2 == 0 ? scale : -scale).toArray();
  }

  private static Targets alternating() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row += 2) {
      positive[row] = true;
    }
    return Targets.binary(positive);
  }
}
