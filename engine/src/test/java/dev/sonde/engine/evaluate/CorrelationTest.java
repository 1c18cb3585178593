package dev.sonde.engine.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Targets;
import org.junit.jupiter.api.Test;

class CorrelationTest {
  private static final int[] ROWS = {0, 1, 2, 3, 4};
  private static final Targets TARGETS = Targets.real(new double[] {1, 2, 3, 4, 10});

  @Test
  void spearmanKnowsOrderOnly() {
    double[] scores = {0.1, 0.2, 0.4, 0.8, 99};
    assertThat(spearman(scores)).isCloseTo(1, within(1e-12));
    double[] backward = {5, 4, 3, 2, 1};
    assertThat(spearman(backward)).isCloseTo(-1, within(1e-12));
  }

  @Test
  void tiesShareTheirMeanRank() {
    double[] scores = {1, 2, 2, 3, 3};
    // by hand: ranks 1, 2.5, 2.5, 4.5, 4.5 against 1 … 5, covariance 9 of √(9 · 10)
    assertThat(spearman(scores)).isCloseTo(9 / Math.sqrt(90), within(1e-12));
  }

  @Test
  void pearsonKnowsDistances() {
    double[] scores = {2, 4, 6, 8, 20};
    assertThat(Correlation.ofValues(ROWS, scores, TARGETS).part(row -> 1).value())
        .isCloseTo(1, within(1e-12));
  }

  @Test
  void aWeightIsARowThatStandsThereSoOften() {
    double[] scores = {3, 1, 2, 5, 4};
    double weighted =
        Correlation.ofRanks(ROWS, scores, TARGETS).part(row -> row == 2 ? 3 : 1).value();
    double[] repeated = {3, 1, 2, 5, 4, 2, 2};
    Targets more = Targets.real(new double[] {1, 2, 3, 4, 10, 3, 3});
    double written =
        Correlation.ofRanks(new int[] {0, 1, 2, 3, 4, 5, 6}, repeated, more).part(row -> 1).value();
    assertThat(weighted).isCloseTo(written, within(1e-12));
  }

  @Test
  void constantScoresSayNothingAndConstantTargetsDoNotCount() {
    assertThat(spearman(new double[5])).isZero();
    Targets same = Targets.real(new double[5]);
    assertThat(Correlation.ofRanks(ROWS, new double[] {1, 2, 3, 4, 5}, same).part(r -> 1).value())
        .isNaN();
  }

  private static double spearman(double[] scores) {
    return Correlation.ofRanks(ROWS, scores, TARGETS).part(row -> 1).value();
  }
}
