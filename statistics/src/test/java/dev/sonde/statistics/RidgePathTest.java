package dev.sonde.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RidgePathTest {
  private final Random random = new Random(5);
  private final double[][] train = rows(9, 3);
  private final double[][] test = rows(4, 3);
  private final double[] targets = random.doubles(9).toArray();

  private double[][] rows(int count, int width) {
    double[][] rows = new double[count][];
    Arrays.setAll(rows, i -> random.doubles(width, -1, 1).toArray());
    return rows;
  }

  private static double[] predict(
      double[][] train, double[][] test, double[] targets, double penalty) {
    return RidgePath.predict(new Dense(train), new Dense(test), targets, penalty)[0];
  }

  /** {@code w = (XᵀX + λI)⁻¹ Xᵀy} of centred rows and targets. */
  @Test
  void itEqualsThePrimalForm() {
    double[] means = new double[3];
    double[][] gram = new double[3][3];
    double[] products = new double[3];
    double meanTarget = Arrays.stream(targets).average().orElseThrow();
    for (int c = 0; c < 3; c++) {
      int column = c;
      means[c] = Arrays.stream(train).mapToDouble(row -> row[column]).average().orElseThrow();
    }
    double trace = 0;
    for (int i = 0; i < 9; i++) {
      for (int a = 0; a < 3; a++) {
        double centred = train[i][a] - means[a];
        products[a] += centred * (targets[i] - meanTarget);
        trace += centred * centred;
        for (int b = 0; b < 3; b++) {
          gram[a][b] += centred * (train[i][b] - means[b]);
        }
      }
    }
    for (int c = 0; c < 3; c++) {
      gram[c][c] += 0.5 * trace / 9;
    }
    double[] weights = Kernels.solve(gram, products);
    double[] predicted = predict(train, test, targets, 0.5);
    for (int t = 0; t < test.length; t++) {
      double expected = meanTarget;
      for (int c = 0; c < 3; c++) {
        expected += weights[c] * (test[t][c] - means[c]);
      }
      assertThat(predicted[t]).isCloseTo(expected, within(1e-10));
    }
  }

  @Test
  void shiftingFeaturesChangesNothingAndShiftingTargetsShiftsPredictions() {
    double[] plain = predict(train, test, targets, 0.5);
    double[][] moved = shifted(train);
    assertThat(predict(moved, shifted(test), targets, 0.5)).containsExactly(plain, within(1e-8));
    double[] higher = Arrays.stream(targets).map(t -> t + 10).toArray();
    assertThat(predict(train, test, higher, 0.5))
        .containsExactly(Arrays.stream(plain).map(p -> p + 10).toArray(), within(1e-8));
  }

  private static double[][] shifted(double[][] rows) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(row).map(v -> v + 5).toArray())
        .toArray(double[][]::new);
  }

  @Test
  void aLargePenaltyLeavesTheMeanAndASmallOneALine() {
    double mean = Arrays.stream(targets).average().orElseThrow();
    for (double predicted : predict(train, test, targets, 1e9)) {
      assertThat(predicted).isCloseTo(mean, within(1e-6));
    }
    double[] line = Arrays.stream(train).mapToDouble(row -> 2 + row[0] - 3 * row[2]).toArray();
    double[] predicted = predict(train, test, line, 1e-9);
    for (int t = 0; t < test.length; t++) {
      assertThat(predicted[t]).isCloseTo(2 + test[t][0] - 3 * test[t][2], within(1e-5));
    }
  }

  @Test
  void rowsThatAreAllAlikeAreGivenTheMean() {
    double[][] same = new double[9][3];
    double mean = Arrays.stream(targets).average().orElseThrow();
    for (double predicted : predict(same, test, targets, 1)) {
      assertThat(predicted).isCloseTo(mean, within(1e-12));
    }
  }

  @Test
  void manyPenaltiesAtOnceAreEachTheSameAsAlone() {
    double[][] many = RidgePath.predict(new Dense(train), new Dense(test), targets, 100, 0.01, 1);
    assertThat(many[0]).containsExactly(predict(train, test, targets, 100), within(1e-8));
    assertThat(many[1]).containsExactly(predict(train, test, targets, 0.01), within(1e-8));
    assertThat(many[2]).containsExactly(predict(train, test, targets, 1), within(1e-8));
  }

  @Test
  void featuresThatOutnumberRowsAreSolvedAsWell() {
    double[][] wide = rows(9, 40);
    double[] predicted = predict(wide, wide, targets, 1e-6);
    assertThat(predicted).containsExactly(targets, within(1e-3));
  }
}
