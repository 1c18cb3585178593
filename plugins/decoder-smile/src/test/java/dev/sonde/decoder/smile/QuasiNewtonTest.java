package dev.sonde.decoder.smile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.testkit.PlainDesign;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import smile.classification.LogisticRegression;

class QuasiNewtonTest {
  private final Random random = new Random(8);

  @Test
  void theWeightsAreThoseOfSmileWithFewerRowsThanFeaturesAndWithMore() {
    for (int rows : new int[] {30, 41, 120}) {
      boolean[] positive = positives(rows);
      PlainDesign design = design(rows, 40, positive);
      QuasiNewton.Fit fit = new QuasiNewton(design, positive, 1).fit();
      assertThat(fit.converged()).isTrue();
      double[] smile = smile(design, positive);
      double most = Arrays.stream(fit.weights()).map(Math::abs).max().orElseThrow();
      assertThat(fit.weights())
          .as("%d rows", rows)
          .containsExactly(Arrays.copyOf(smile, 40), within(1e-3 * most));
      assertThat(fit.intercept()).isCloseTo(smile[40], within(1e-3));
    }
  }

  @Test
  void atTheSolutionTheGradientVanishes() {
    for (int rows : new int[] {25, 90}) {
      boolean[] positive = positives(rows);
      PlainDesign design = design(rows, 26, positive);
      QuasiNewton.Fit fit = new QuasiNewton(design, positive, 0.3).fit();
      double[] gradient = new double[26];
      double ofIntercept = 0;
      double[] row = new double[26];
      for (int r = 0; r < rows; r++) {
        design.copyRow(r, row);
        double f = fit.intercept();
        for (int c = 0; c < 26; c++) {
          f += fit.weights()[c] * row[c];
        }
        double residual = (positive[r] ? 1 : 0) - 1 / (1 + Math.exp(-f));
        ofIntercept += residual;
        for (int c = 0; c < 26; c++) {
          gradient[c] += residual * row[c];
        }
      }
      for (int c = 0; c < 26; c++) {
        assertThat(gradient[c] - 0.3 * fit.weights()[c]).isCloseTo(0, within(1e-3));
      }
      assertThat(ofIntercept).isCloseTo(0, within(1e-3));
    }
  }

  @Test
  void aFitThatDoesNotConvergeSaysSo() {
    Scorer scorer = Scorer.linear(new double[] {1}, 0).remarked("was left unfinished");
    assertThat(scorer.remark()).contains("was left unfinished");
    assertThat(scorer.linearWeights()).isPresent();
    boolean[] positive = positives(50);
    PlainDesign rows = design(50, 5, positive);
    assertThat(new Logistic(1).fit(rows, Targets.binary(positive)).remark()).isEmpty();
  }

  private static double[] smile(Design design, boolean[] positive) {
    double[][] rows = new double[design.rows()][design.columns()];
    int[] labels = new int[rows.length];
    for (int row = 0; row < rows.length; row++) {
      design.copyRow(row, rows[row]);
      labels[row] = positive[row] ? 1 : 0;
    }
    return LogisticRegression.binomial(rows, labels, new LogisticRegression.Options(1, 1e-9, 5000))
        .coefficients();
  }

  private boolean[] positives(int rows) {
    boolean[] positive = new boolean[rows];
    for (int row = 0; row < rows; row++) {
      positive[row] = row % 3 == 0;
    }
    return positive;
  }

  private PlainDesign design(int rows, int columns, boolean[] positive) {
    PlainDesign design = new PlainDesign(rows, columns);
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < columns; c++) {
        design.values().set(row, c, random.nextGaussian() + (c == 1 && positive[row] ? 1 : 0));
      }
    }
    return design;
  }
}
