package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Scores become probabilities and flags. */
class ScoreCurvesTest {
  private static final int ROWS = 200;

  @Test
  void perfectSeparationIsCertainOnlyAsFarAsTheRowsAllow() {
    LogisticCurve curve = LogisticCurve.of(scores(1), alternating());
    assertThat(curve.probability(1)).isBetween(0.95, 0.999);
    assertThat(curve.probability(-1)).isBetween(0.001, 0.05);
    IsotonicCurve steps = IsotonicCurve.of(scores(1), alternating());
    assertThat(steps.probability(1)).isBetween(0.95, 0.999);
    assertThat(steps.probability(-7)).isBetween(0.001, 0.05);
  }

  @Test
  void scoresThatSayNothingGiveTheShareOfTheClass() {
    boolean[] positive = new boolean[ROWS];
    Arrays.fill(positive, 0, ROWS / 4, true);
    assertThat(LogisticCurve.of(new double[ROWS], positive).probability(0))
        .isCloseTo(0.25, within(0.02));
    assertThat(IsotonicCurve.of(new double[ROWS], positive).probability(0))
        .isCloseTo(0.25, within(0.02));
  }

  @Test
  void theScaleOfScoresDoesNotMatter() {
    double once = LogisticCurve.of(scores(1), alternating()).probability(0.5);
    double large = LogisticCurve.of(scores(1e6), alternating()).probability(0.5e6);
    assertThat(large).isCloseTo(once, within(1e-9));
  }

  @Test
  void theIsotonicCurvePoolsWhatFallsAndIsLinearBetween() {
    double[] scores = {0, 1, 2, 3, 4, 5};
    boolean[] positive = {false, true, false, true, true, true};
    IsotonicCurve curve = IsotonicCurve.of(scores, positive);
    assertThat(curve.probabilities()).isSorted();
    assertThat(curve.probability(1)).isEqualTo(curve.probability(2));
    assertThat(curve.probability(2.5))
        .isCloseTo((curve.probability(2) + curve.probability(3)) / 2, within(1e-12));
  }

  @Test
  void aThresholdIsTheScoreThatSoManyNegativesExceed() {
    double[] negatives = IntStream.range(0, 99).mapToDouble(i -> i).toArray();
    assertThat(FalsePositives.threshold(negatives, 0.05)).hasValue(94);
    assertThat(FalsePositives.threshold(negatives, 0.01)).hasValue(98);
    assertThat(FalsePositives.threshold(Arrays.copyOf(negatives, 98), 0.01)).isEmpty();
  }

  @Test
  void thresholdsKeepTheirRateOnRowsDrawnAlike() {
    Random random = new Random(4);
    double flagged = 0;
    int sets = 4000;
    for (int set = 0; set < sets; set++) {
      double[] negatives = random.doubles(40).toArray();
      double threshold = FalsePositives.threshold(negatives, 0.1).orElseThrow();
      flagged += random.nextDouble() > threshold ? 1.0 / sets : 0;
    }
    // 4 of 41; four standard deviations of 4000 coins
    assertThat(flagged).isCloseTo(4 / 41.0, within(4 * Math.sqrt(0.1 * 0.9 / sets)));
  }

  @Test
  void aGroupsOwnRowsDoNotSetTheThresholdTheyAreHeldAgainst() {
    double[] scores = IntStream.range(0, 40).mapToDouble(row -> row < 4 ? 100 : row).toArray();
    boolean[] negative = new boolean[40];
    Arrays.fill(negative, true);
    Groups groups = Groups.of(IntStream.range(0, 40).mapToObj(row -> row / 4).toList());
    double[] flagged = FalsePositives.ofNewGroups(scores, negative, groups, 0.05);
    assertThat(Arrays.copyOf(flagged, 4)).containsOnly(1);
    assertThat(Arrays.copyOfRange(flagged, 4, 36)).containsOnly(0);
    negative[39] = false;
    assertThat(FalsePositives.ofNewGroups(scores, negative, groups, 0.05)[39]).isNaN();
  }

  @Test
  void trueProbabilitiesErrAsChanceLetsThemAndWrongOnesMore() {
    Random random = new Random(8);
    double[] stated = random.doubles(2000).toArray();
    boolean[] positive = new boolean[stated.length];
    for (int row = 0; row < positive.length; row++) {
      positive[row] = random.nextDouble() < stated[row];
    }
    Reliability fair = Reliability.of(stated, positive, new Random(1));
    assertThat(fair.error()).isLessThan(2 * fair.errorIfTrue());
    double[] bold = Arrays.stream(stated).map(p -> p < 0.5 ? p / 5 : 1 - (1 - p) / 5).toArray();
    Reliability wrong = Reliability.of(bold, positive, new Random(1));
    assertThat(wrong.error()).isGreaterThan(4 * wrong.errorIfTrue());
    assertThat(wrong.brier()).isGreaterThan(fair.brier());
    assertThat(fair.bins()).hasSize(10).extracting(Reliability.Bin::rows).containsOnly(200);
    assertThat(fair.rows()).isEqualTo(2000);
  }

  private static double[] scores(double scale) {
    return IntStream.range(0, ROWS).mapToDouble(row -> row % 2 == 0 ? scale : -scale).toArray();
  }

  private static boolean[] alternating() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row += 2) {
      positive[row] = true;
    }
    return positive;
  }
}
