package dev.sonde.probe.linear;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.evaluate.DecoderFactory;
import dev.sonde.api.evaluate.Scorer;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.LeadingAxis;
import dev.sonde.testkit.DecoderContract;
import dev.sonde.testkit.PlainDesign;
import dev.sonde.testkit.SettingsConfig;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The closed forms against their definitions. */
class ClosedFormTest {
  private static final int ROWS = 40;
  private static final int TALL = 7;
  private static final int WIDE = 60;

  @Nested
  class DifferenceOfMeansKeepsTheContract extends DecoderContract {
    @Override
    protected DecoderFactory factory() {
      return ClosedForm.DIFFERENCE_OF_MEANS;
    }
  }

  @Nested
  class RidgeKeepsTheContract extends DecoderContract {
    @Override
    protected DecoderFactory factory() {
      return ClosedForm.RIDGE;
    }
  }

  @Nested
  class LdaKeepsTheContract extends DecoderContract {
    @Override
    protected DecoderFactory factory() {
      return ClosedForm.LDA;
    }
  }

  @Nested
  class MassMeanKeepsTheContract extends DecoderContract {
    @Override
    protected DecoderFactory factory() {
      return ClosedForm.MASS_MEAN;
    }
  }

  @Nested
  class PcaKeepsTheContract extends DecoderContract {
    @Override
    protected DecoderFactory factory() {
      return ClosedForm.PCA;
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {TALL, WIDE})
  void ridgeSolvesItsNormalEquations(int width) {
    PlainDesign raw = rows(width);
    PlainDesign rows = standardised(raw);
    Targets targets = graded();
    double penalty = 0.3;
    Scorer scorer = new Ridge(penalty).fit(raw, targets);
    double[] mean = mean(rows);
    Matrix covariance = covariance(rows, mean, new double[ROWS], new double[width]);
    double lambda = penalty * trace(covariance) / width;
    Matrix right = Matrix.zeros(Matrix.Type.FLOAT64, width, 1);
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < width; c++) {
        double share = (targets.value(row) - targets.mean()) / ROWS;
        right.set(c, 0, right.get(c, 0) + share * (rows.values().get(row, c) - mean[c]));
      }
    }
    assertSolves(covariance, lambda, 1, right, scaled(scorer, raw), 1e-5);
    assertThat(Directions.dot(scorer.linearWeights().orElseThrow(), mean(raw)) + scorer.bias())
        .as("the mean row is given the mean target")
        .isCloseTo(targets.mean(), within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(ints = {TALL, WIDE})
  void ldaSolvesWithTheShrunkCovarianceWithinTheClasses(int width) {
    PlainDesign raw = rows(width);
    PlainDesign rows = standardised(raw);
    Targets targets = classes();
    double shrinkage = 0.2;
    Scorer scorer = new DiscriminantAnalysis(shrinkage).fit(raw, targets);
    double[] difference = Directions.differenceOfMeans(rows.values(), targets, row -> true);
    Matrix within = covariance(rows, mean(rows), shares(targets), difference);
    Matrix all = covariance(rows, mean(rows), new double[ROWS], difference);
    double floor = shrinkage * trace(all) / width;
    assertSolves(within, floor, 1 - shrinkage, column(difference), scaled(scorer, raw), 1e-4);
  }

  @Test
  void massMeanIsTheUnshrunkDiscriminant() {
    PlainDesign rows = rows(TALL);
    Targets targets = classes();
    Scorer massMean = new MassMean().fit(rows, targets);
    double[] difference = Directions.differenceOfMeans(rows.values(), targets, row -> true);
    Matrix within = covariance(rows, mean(rows), shares(targets), difference);
    double[] solved = solve(within, column(difference));
    assertThat(Directions.cosine(massMean.linearWeights().orElseThrow(), solved))
        .isCloseTo(1, within(1e-6));
    assertThat(Directions.norm(massMean.linearWeights().orElseThrow())).isCloseTo(1, within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(ints = {TALL, WIDE})
  void theComponentIsTheLongestPrincipalAxis(int width) {
    PlainDesign rows = rows(width);
    Scorer scorer = new PrincipalComponent().fit(rows, classes());
    double[] axis = PrincipalAxes.of(rows.values(), rows.linearAlgebra()).axis(0);
    assertThat(Math.abs(Directions.cosine(scorer.linearWeights().orElseThrow(), axis)))
        .isCloseTo(1, within(1e-10));
  }

  @Test
  void theComponentIsFoundAmongAxesOfAlmostTheSameLength() {
    PlainDesign rows = new PlainDesign(2 * WIDE, WIDE);
    for (int c = 0; c < WIDE; c++) {
      rows.values().set(2 * c, c, 1 + 1e-3 * c);
      rows.values().set(2 * c + 1, c, -1 - 1e-3 * c);
    }
    Covariance covariance = rows.covariance();
    double[] axis = LeadingAxis.of(WIDE, covariance.trace(), covariance::times);
    assertThat(Math.abs(axis[WIDE - 1])).isCloseTo(1, within(1e-5));
  }

  @Test
  void theComponentIsTurnedSoThatInMostPairsThePositiveRowLiesHigher() {
    PlainDesign rows = rows(TALL);
    Targets targets = classes();
    boolean[] exchanged = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      rows.values().set(row, 2, targets.positive(row) ? 9 : -9);
      exchanged[row] = !targets.positive(row);
    }
    double[] scores = new PrincipalComponent().fit(rows, targets).score(rows);
    double[] turned = new PrincipalComponent().fit(rows, Targets.binary(exchanged)).score(rows);
    for (int row = 0; row < ROWS; row++) {
      assertThat(scores[row] > 0).isEqualTo(targets.positive(row));
      assertThat(turned[row]).isEqualTo(-scores[row]);
    }
  }

  @Test
  void gradedTargetsGiveTheDirectionAlongWhichRowsChange() {
    PlainDesign rows = new PlainDesign(ROWS, TALL);
    Targets targets = graded();
    Random random = new Random(9);
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < TALL; c++) {
        double planted = c == 3 ? 5 * targets.value(row) : 0;
        rows.values().set(row, c, planted + 0.01 * random.nextGaussian());
      }
    }
    for (DecoderFactory factory : ClosedForm.ALL) {
      // Those that divide by the noise as well weigh features that hardly vary.
      if (factory == ClosedForm.DIFFERENCE_OF_MEANS || factory == ClosedForm.PCA) {
        Scorer scorer =
            factory.create(SettingsConfig.defaults(factory.settings())).fit(rows, targets);
        assertThat(
                scorer.linearWeights().orElseThrow()[3]
                    / Directions.norm(scorer.linearWeights().orElseThrow()))
            .as(factory.name())
            .isGreaterThan(0.9);
      }
    }
  }

  private static PlainDesign standardised(PlainDesign raw) {
    PlainDesign copy = new PlainDesign(raw.rows(), raw.columns());
    double[] values = new double[raw.columns()];
    for (int row = 0; row < raw.rows(); row++) {
      raw.standardised().rows().copyRow(row, values);
      copy.values().setRow(row, values);
    }
    return copy;
  }

  /** The weights of standardised features. */
  private static double[] scaled(Scorer scorer, PlainDesign raw) {
    double[] scale = raw.standardised().scale();
    double[] weights = scorer.linearWeights().orElseThrow().clone();
    Arrays.setAll(weights, c -> weights[c] * scale[c]);
    return weights;
  }

  private static PlainDesign rows(int width) {
    Random random = new Random(width);
    PlainDesign rows = new PlainDesign(ROWS, width);
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < width; c++) {
        rows.values().set(row, c, 3 + random.nextGaussian() * (1 + c % 3) + (row % 3 == 0 ? 1 : 0));
      }
    }
    return rows;
  }

  private static Targets classes() {
    boolean[] positive = new boolean[ROWS];
    for (int row = 0; row < ROWS; row++) {
      positive[row] = row % 3 == 0;
    }
    return Targets.binary(positive);
  }

  private static Targets graded() {
    double[] values = new double[ROWS];
    for (int row = 0; row < ROWS; row++) {
      values[row] = row * 7 % 11 / 10.0;
    }
    return Targets.real(values);
  }

  private static double[] mean(PlainDesign rows) {
    double[] mean = new double[rows.columns()];
    for (int row = 0; row < ROWS; row++) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += rows.values().get(row, c) / ROWS;
      }
    }
    return mean;
  }

  /** Per row how far its class mean lies from the mean, in differences of class means. */
  private static double[] shares(Targets targets) {
    double[] shares = new double[ROWS];
    for (int row = 0; row < ROWS; row++) {
      shares[row] = targets.value(row) - targets.mean();
    }
    return shares;
  }

  /** The covariance around {@code mean + share · difference}. */
  private static Matrix covariance(
      PlainDesign rows, double[] mean, double[] shares, double[] difference) {
    int width = mean.length;
    Matrix covariance = Matrix.zeros(Matrix.Type.FLOAT64, width, width);
    for (int row = 0; row < ROWS; row++) {
      double[] apart = rows.values().row(row);
      for (int c = 0; c < width; c++) {
        apart[c] -= mean[c] + shares[row] * difference[c];
      }
      for (int i = 0; i < width; i++) {
        for (int j = 0; j < width; j++) {
          covariance.set(i, j, covariance.get(i, j) + apart[i] * apart[j] / ROWS);
        }
      }
    }
    return covariance;
  }

  private static double trace(Matrix matrix) {
    double sum = 0;
    for (int i = 0; i < matrix.rows(); i++) {
      sum += matrix.get(i, i);
    }
    return sum;
  }

  private static Matrix column(double[] values) {
    Matrix column = Matrix.zeros(Matrix.Type.FLOAT64, values.length, 1);
    for (int c = 0; c < values.length; c++) {
      column.set(c, 0, values[c]);
    }
    return column;
  }

  /** That {@code (scale · matrix + floor · I) x = right}. */
  private static void assertSolves(
      Matrix matrix, double floor, double scale, Matrix right, double[] x, double tolerance) {
    Matrix shrunk = Matrix.zeros(Matrix.Type.FLOAT64, x.length, x.length);
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        shrunk.set(i, j, scale * matrix.get(i, j) + (i == j ? floor : 0));
      }
    }
    double[] solved = solve(shrunk, right);
    for (int c = 0; c < x.length; c++) {
      assertThat(x[c]).isCloseTo(solved[c], within(tolerance * Directions.norm(solved)));
    }
  }

  private static double[] solve(Matrix matrix, Matrix right) {
    LinearAlgebra algebra = new PlainDesign(1, 1).linearAlgebra();
    Matrix solution = algebra.solvePositiveDefinite(matrix, right);
    double[] values = new double[matrix.rows()];
    for (int c = 0; c < values.length; c++) {
      values[c] = solution.get(c, 0);
    }
    return values;
  }
}
