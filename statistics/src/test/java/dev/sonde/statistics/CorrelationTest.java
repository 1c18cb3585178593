package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CorrelationTest {
  private final double[] x = {0.3, 0.1, 0.2, 0.5, 0.2};
  private final double[] y = {1, 2, 3, 4, 10};

  @Test
  void spearmanIsPearsonOfTheRanks() {
    Random random = new Random(1);
    for (int trial = 0; trial < 50; trial++) {
      double[] a = random.doubles(20).map(v -> Math.floor(6 * v)).toArray();
      double[] b = random.doubles(20).toArray();
      assertThat(Correlation.spearman(a, b))
          .isCloseTo(Correlation.pearson(Ranks.of(a), Ranks.of(b)), within(1e-12));
    }
  }

  @Test
  void spearmanKnowsOrderOnlyAndPearsonDistances() {
    double[] bent = Arrays.stream(y).map(Math::exp).toArray();
    assertThat(Correlation.spearman(y, bent)).isCloseTo(1, within(1e-12));
    assertThat(Correlation.pearson(y, bent)).isLessThan(0.95);
    double[] stretched = Arrays.stream(y).map(v -> 7 - 3 * v).toArray();
    assertThat(Correlation.pearson(y, stretched)).isCloseTo(-1, within(1e-12));
  }

  @Test
  void equalValuesShareTheirMeanRank() {
    assertThat(Ranks.of(new double[] {1, 2, 2, 3, 3})).containsExactly(1, 2.5, 2.5, 4.5, 4.5);
    // by hand: against 1 … 5, covariance 9 of √(9 · 10)
    assertThat(Correlation.spearman(new double[] {1, 2, 2, 3, 3}, y))
        .isCloseTo(9 / Math.sqrt(90), within(1e-12));
  }

  @Test
  void weightedRanksAreThoseOfRepeatedValues() {
    assertThat(Ranks.of(new double[] {5, 1, 3}, new double[] {1, 2, 3})).containsExactly(6, 1.5, 4);
    double[] twice = {0.3, 0.1, 0.2, 0.5, 0.2, 0.3, 0.1, 0.2, 0.5, 0.2};
    double[] two = {2, 2, 2, 2, 2};
    assertThat(Ranks.of(x, two)).containsExactly(Arrays.copyOf(Ranks.of(twice), 5));
  }

  @Test
  void aRowOfNoWeightIsNotThere() {
    double[] weights = {1, 1, 0, 1, 1};
    double[] a = {0.3, 0.1, 0.5, 0.2};
    double[] b = {1, 2, 4, 10};
    assertThat(Correlation.ofRanks(x, y).of(weights))
        .isCloseTo(Correlation.spearman(a, b), within(1e-12));
    assertThat(Correlation.ofValues(x, y).of(weights))
        .isCloseTo(Correlation.pearson(a, b), within(1e-12));
  }

  @Test
  void aSideThatDoesNotVaryHasNoCorrelation() {
    double[] same = {0.1, 0.1, 0.1, 0.1, 0.1};
    assertThat(Correlation.pearson(same, y)).isNaN();
    assertThat(Correlation.spearman(y, same)).isNaN();
    Correlation weighted = Correlation.ofRanks(x, y);
    double[] tiedOnly = {0, 0, 1, 0, 2};
    assertThat(weighted.firstVaries(tiedOnly)).isFalse();
    assertThat(weighted.secondVaries(tiedOnly)).isTrue();
    assertThat(weighted.of(tiedOnly)).isNaN();
    assertThat(Correlation.pearson(new double[0], new double[0])).isNaN();
  }

  @Test
  void aPredictionThatDoesNotVaryIsAtChance() {
    Correlation correlation = Correlation.ofRanks(x, y);
    double[] tiedOnly = {0, 0, 1, 0, 2};
    assertThat(correlation.ofPrediction(tiedOnly)).isZero();
    double[] once = {1, 1, 1, 1, 1};
    assertThat(correlation.ofPrediction(once)).isEqualTo(correlation.of(once));
    assertThat(Correlation.ofRanks(x, new double[5]).ofPrediction(once)).isNaN();
    assertThat(Correlation.ofRanks(new double[5], new double[5]).ofPrediction(once)).isNaN();
  }

  @Test
  void allPairsAreThePairsOneByOne() {
    Random random = new Random(2);
    List<double[]> columns = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      columns.add(random.doubles(30).toArray());
    }
    columns.add(new double[30]);
    double[][] all = Correlation.pearson(columns);
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        double one = Correlation.pearson(columns.get(i), columns.get(j));
        if (Double.isNaN(one)) {
          assertThat(all[i][j]).isNaN();
        } else {
          assertThat(all[i][j]).isCloseTo(one, within(1e-12));
        }
      }
    }
  }

  @Test
  void columnsOfDifferentLengthsAreRefused() {
    assertThatThrownBy(() -> Correlation.pearson(x, new double[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 values and 2");
  }
}
