package dev.sonde.decoder.smile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.testkit.PlainDesign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
      QuasiNewton.Fit fit = new QuasiNewton(FitSpace.of(design), positive, 1).fit();
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
      QuasiNewton.Fit fit = new QuasiNewton(FitSpace.of(design), positive, 0.3).fit();
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
  void itDoesNotMatterWhatStandsForTheRows() {
    for (int rows : new int[] {33, 70}) {
      boolean[] positive = positives(rows);
      PlainDesign design = design(rows, 50, positive);
      RowProducts.Copied copied = RowProducts.Copied.of(design);
      List<FitSpace> spaces =
          List.of(
              new FitSpace.Multiples(copied, copied.innerProducts()),
              new FitSpace.Weights(copied, rows, 50),
              new FitSpace.Weights(new RowProducts.Kept(design), rows, 50));
      QuasiNewton.Fit first = new QuasiNewton(spaces.getFirst(), positive, 0.5).fit();
      for (FitSpace space : spaces) {
        QuasiNewton.Fit fit = new QuasiNewton(space, positive, 0.5).fit();
        assertThat(fit.converged()).isTrue();
        assertThat(fit.weights()).containsExactly(first.weights(), within(1e-4));
        assertThat(fit.intercept()).isCloseTo(first.intercept(), within(1e-4));
      }
    }
  }

  @Test
  void rowsThatAreEqualAndFeaturesThatDoNotVaryAreNoTrouble() {
    boolean[] positive = positives(24);
    PlainDesign design = design(24, 30, positive);
    for (int row = 12; row < 24; row++) {
      design.values().setRow(row, design.values().row(row - 12));
    }
    for (int row = 0; row < 24; row++) {
      design.values().set(row, 3, 0);
    }
    QuasiNewton.Fit fit = new QuasiNewton(FitSpace.of(design), positive, 1).fit();
    assertThat(fit.converged()).isTrue();
    assertThat(fit.weights()[3]).isZero();
    double[] smile = smile(design, positive);
    assertThat(fit.weights()).containsExactly(Arrays.copyOf(smile, 30), within(1e-3));
  }

  @Test
  void innerProductsAreThoseOfTheRows() {
    PlainDesign design = design(11, 7, positives(11));
    float[][] products = RowProducts.Copied.of(design).innerProducts();
    for (int a = 0; a < 11; a++) {
      for (int b = 0; b < 11; b++) {
        assertThat((double) products[a][b])
            .isCloseTo(Vectors.dot(design.values().row(a), design.values().row(b)), within(1e-5));
      }
    }
  }

  @Test
  void theLossOfManyRowsTakesOneLogarithmAndIsExact() {
    double[] scores = random.doubles(3000, -40, 40).toArray();
    scores[0] = 0;
    scores[1] = -800;
    scores[2] = 800;
    boolean[] positive = positives(3000);
    double sum = 0;
    for (int row = 0; row < scores.length; row++) {
      double signed = positive[row] ? scores[row] : -scores[row];
      sum += Math.max(0, -signed) + Math.log1p(Math.exp(-Math.abs(signed)));
    }
    LogisticLoss loss = LogisticLoss.of(scores, positive);
    assertThat(loss.sum()).isCloseTo(sum, within(1e-9 * sum));
    assertThat(loss.residuals()[0]).isEqualTo(-0.5);
    assertThat(loss.residuals()[1]).isZero();
    assertThat(loss.residuals()[2]).isEqualTo(1);
    double[] zeros = new double[500_000];
    assertThat(LogisticLoss.of(zeros, new boolean[zeros.length]).sum())
        .isCloseTo(zeros.length * Math.log(2), within(1e-6));
  }

  @Test
  void labelingsThatAreFittedTogetherAreFittedAsAlone() {
    PlainDesign rows = design(40, 60, positives(40));
    List<Targets> many = new ArrayList<>();
    for (int labeling = 0; labeling < 3; labeling++) {
      boolean[] drawn = new boolean[40];
      for (int row = 0; row < drawn.length; row++) {
        drawn[row] = random.nextBoolean();
      }
      many.add(Targets.binary(drawn));
    }
    List<Scorer> together = new Logistic(1).fitAll(rows, many);
    for (int labeling = 0; labeling < many.size(); labeling++) {
      assertThat(together.get(labeling).linearWeights().orElseThrow())
          .isEqualTo(new Logistic(1).fit(rows, many.get(labeling)).linearWeights().orElseThrow());
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
