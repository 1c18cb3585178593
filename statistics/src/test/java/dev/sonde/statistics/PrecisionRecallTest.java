package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PrecisionRecallTest {
  private static final double[] SCORES = {0.9, 0.8, 0.8, 0.4, 0.3, 0.1};
  private static final boolean[] POSITIVE = {true, false, true, false, true, false};

  @Test
  void averagePrecisionIsThatOfScikitLearn() {
    // sklearn.metrics.average_precision_score([1, 0, 1, 0, 1, 0], [.9, .8, .8, .4, .3, .1])
    assertThat(of().averagePrecision(once())).isCloseTo(0.7555556, within(1e-6));
  }

  @Test
  void scoresThatSayNothingReachTheShareOfPositiveRows() {
    PrecisionRecall same = PrecisionRecall.of(new double[6], POSITIVE);
    assertThat(same.averagePrecision(once())).isEqualTo(0.5);
    assertThat(same.recall(once(), 0.05)).isZero();
  }

  @Test
  void recallCountsPositiveRowsAboveTheThresholdThatFewNegativesPass() {
    assertThat(of().recall(once(), 0.0)).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(of().recall(once(), 0.34)).isCloseTo(2.0 / 3, within(1e-12));
    assertThat(of().recall(once(), 0.67)).isEqualTo(1);
  }

  @Test
  void aRowOfWeightTwoCountsAsTwoRows() {
    double[] weights = {1, 2, 1, 1, 3, 1};
    double[] scores = {0.9, 0.8, 0.8, 0.8, 0.4, 0.3, 0.3, 0.3, 0.1};
    boolean[] positive = {true, false, false, true, false, true, true, true, false};
    PrecisionRecall repeated = PrecisionRecall.of(scores, positive);
    double[] ones = new double[scores.length];
    Arrays.fill(ones, 1);
    assertThat(of().averagePrecision(weights))
        .isCloseTo(repeated.averagePrecision(ones), within(1e-12));
    assertThat(of().recall(weights, 0.5)).isCloseTo(repeated.recall(ones, 0.5), within(1e-12));
  }

  @Test
  void withoutAPositiveRowThereIsNoFigure() {
    PrecisionRecall none = PrecisionRecall.of(SCORES, new boolean[6]);
    assertThat(none.averagePrecision(once())).isNaN();
    assertThat(none.recall(once(), 0.1)).isNaN();
  }

  private static PrecisionRecall of() {
    return PrecisionRecall.of(SCORES, POSITIVE);
  }

  private static double[] once() {
    double[] once = new double[6];
    Arrays.fill(once, 1);
    return once;
  }
}
