package dev.sonde.probe.influence.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.GradientRows;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.statistics.Correlation;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The identities of the method, in float32: tolerances are some thousand rounding errors. */
class CurvatureTest {
  private static final LinearAlgebra ALGEBRA = Made.ALGEBRA;

  private final Random random = new Random(3);

  @Test
  void ofALinearRegressionEveryFactorisationIsTheGaussNewtonMatrix() {
    Factors fitted = Made.fitted(regression(200, 4));
    Matrix kfac = fitted.curvature(Strategy.KFAC, ALGEBRA).eigenvalues();
    Matrix ekfac = fitted.curvature(Strategy.EKFAC, ALGEBRA).eigenvalues();
    for (int c = 0; c < 4; c++) {
      assertThat(ekfac.get(0, c)).isCloseTo(kfac.get(0, c), within(1e-4));
    }
  }

  /** Residuals of labels drawn with variance 1 are ±1: their square is 1 for every row. */
  private GradientRows regression(int rows, int in) {
    Matrix inputs = Made.rows(random, rows, 1, in, 1).inputs();
    Matrix signs = FloatMatrices.zeros(rows, 1);
    for (int row = 0; row < rows; row++) {
      signs.set(row, 0, random.nextBoolean() ? 1 : -1);
    }
    return Made.of(inputs, signs, 1);
  }

  @Test
  void leavingARowOutOfARegressionIsTheFirstOrderStepOverOneLessItsLeverage() {
    int n = 60;
    GradientRows rows = regression(n, 3);
    Matrix x = rows.inputs().as(Matrix.Type.FLOAT64);
    double[] y = IntStream.range(0, n).mapToDouble(i -> random.nextGaussian()).toArray();
    double[] fit = solve(x, y, -1);
    Curvature curvature = Made.fitted(rows).curvature(Strategy.EKFAC, ALGEBRA);
    double[] query = {0.4, -1.2, 0.7};
    for (int left = 0; left < 5; left++) {
      double residual = dot(x.row(left), fit) - y[left];
      Matrix row = rows.inputs().rows(left, left + 1);
      Matrix stepped = Made.precondition(curvature, row, 0);
      double first = residual * dot(stepped.row(0), query) / n;
      double leverage = dot(stepped.row(0), x.row(left)) / n;
      double exact = dot(solve(x, y, left), query) - dot(fit, query);
      assertThat(first / (1 - leverage)).isCloseTo(exact, within(1e-5));
    }
  }

  /** Least squares without one row. */
  private static double[] solve(Matrix x, double[] y, int without) {
    Matrix gram = Matrix.zeros(Matrix.Type.FLOAT64, x.columns(), x.columns());
    Matrix right = Matrix.zeros(Matrix.Type.FLOAT64, x.columns(), 1);
    for (int row = 0; row < x.rows(); row++) {
      for (int i = 0; i < x.columns() && row != without; i++) {
        right.set(i, 0, right.get(i, 0) + x.get(row, i) * y[row]);
        for (int j = 0; j < x.columns(); j++) {
          gram.set(i, j, gram.get(i, j) + x.get(row, i) * x.get(row, j));
        }
      }
    }
    return ALGEBRA.solvePositiveDefinite(gram, right).column(0);
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  @Test
  void eigenvectorsAreOrthonormalAndRotatingBackUndoesRotating() {
    Eigenbasis basis = Made.fitted(Made.rows(random, 50, 4, 5, 3)).basis().orElseThrow();
    Matrix product = ALGEBRA.crossProducts(basis.inputs());
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        assertThat(product.get(i, j)).isCloseTo(i == j ? 1 : 0, within(1e-6));
      }
    }
    Matrix gradient = Made.gaussian(random, 3, 5);
    Matrix back = basis.rotatedBack(Made.rotated(basis, gradient), ALGEBRA);
    assertThat(Made.cells(back)).containsExactly(Made.cells(gradient), within(1e-5));
  }

  @Test
  void rotatingTokensIsRotatingTheirProduct() {
    GradientRows rows = Made.rows(random, 6, 7, 5, 3);
    Eigenbasis basis = Made.fitted(rows).basis().orElseThrow();
    GradientRows rotated = basis.rotated(rows, ALGEBRA);
    for (int item = 0; item < rows.count(); item++) {
      assertThat(Made.cells(rotated.gradient(item, ALGEBRA)))
          .containsExactly(
              Made.cells(Made.rotated(basis, rows.gradient(item, ALGEBRA))), within(1e-3));
    }
  }

  @Test
  void preconditioningUndoesMultiplyingWithTheDampedCurvature() {
    Curvature curvature =
        Made.fitted(Made.rows(random, 80, 3, 5, 3)).curvature(Strategy.EKFAC, ALGEBRA);
    Eigenbasis basis = curvature.basis().orElseThrow();
    double damping = curvature.damping(0.1);
    Matrix gradient = Made.gaussian(random, 3, 5);
    Matrix rotated = Made.rotated(basis, Made.precondition(curvature, gradient, damping));
    for (int r = 0; r < 3; r++) {
      for (int c = 0; c < 5; c++) {
        rotated.set(r, c, rotated.get(r, c) * (curvature.eigenvalues().get(r, c) + damping));
      }
    }
    assertThat(Made.cells(basis.rotatedBack(rotated, ALGEBRA)))
        .containsExactly(Made.cells(gradient), within(1e-4));
  }

  @Test
  void noItemHasANegativeInfluenceOnItself() {
    GradientRows rows = Made.rows(random, 40, 3, 5, 3);
    for (Strategy strategy : Strategy.values()) {
      Curvature curvature = Made.fitted(rows).curvature(strategy, ALGEBRA);
      for (int item = 0; item < rows.count(); item++) {
        Matrix gradient = rows.gradient(item, ALGEBRA);
        Matrix conditioned = Made.precondition(curvature, gradient, curvature.damping(0.1));
        assertThat(FloatMatrices.dot(conditioned, gradient)).isPositive();
      }
    }
  }

  @Test
  void muchDampingLeavesTheGradientAndFlatCurvatureIsTheIdentity() {
    Curvature curvature =
        Made.fitted(Made.rows(random, 40, 3, 5, 3)).curvature(Strategy.EKFAC, ALGEBRA);
    Matrix gradient = Made.gaussian(random, 3, 5);
    Matrix damped = Made.precondition(curvature, gradient, 1e9);
    FloatMatrices.scale(damped, 1e9);
    assertThat(Made.cells(damped)).containsExactly(Made.cells(gradient), within(1e-4));
    Curvature flat = Curvature.flat(new LinearModule("flat", 5, 3));
    assertThat(Made.cells(Made.precondition(flat, gradient, 0)))
        .containsExactly(Made.cells(gradient), within(0.0));
    Curvature ones = new Curvature(curvature.basis(), flat.eigenvalues());
    assertThat(Made.cells(Made.precondition(ones, gradient, 0)))
        .containsExactly(Made.cells(gradient), within(1e-5));
  }

  @Test
  void correctedEigenvaluesAreTheDiagonalOfTheFisherMatrixAndNearerToItThanKroneckers() {
    GradientRows rows = Made.rows(random, 300, 3, 4, 3);
    Factors fitted = Made.fitted(rows);
    Eigenbasis basis = fitted.basis().orElseThrow();
    double[][] fisher = fisher(basis.rotated(rows, ALGEBRA));
    double[] ekfac = Made.cells(fitted.curvature(Strategy.EKFAC, ALGEBRA).eigenvalues());
    double[] kfac = Made.cells(fitted.curvature(Strategy.KFAC, ALGEBRA).eigenvalues());
    double trace = 0;
    double sum = 0;
    for (int i = 0; i < ekfac.length; i++) {
      assertThat(fisher[i][i]).isCloseTo(ekfac[i], within(1e-3 * ekfac[i]));
      trace += fisher[i][i];
      sum += ekfac[i];
    }
    assertThat(trace).isCloseTo(sum, within(1e-3 * sum));
    assertThat(distance(fisher, ekfac)).isLessThan(distance(fisher, kfac));
  }

  /** The mean outer product of the items' gradients, {@code [out * in, out * in]}. */
  private static double[][] fisher(GradientRows rows) {
    int size = rows.inputs().columns() * rows.gradients().columns();
    double[][] fisher = new double[size][size];
    for (int item = 0; item < rows.count(); item++) {
      double[] g = Made.cells(rows.gradient(item, ALGEBRA));
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          fisher[i][j] += g[i] * g[j] / rows.count();
        }
      }
    }
    return fisher;
  }

  private static double distance(double[][] fisher, double[] diagonal) {
    double sum = 0;
    for (int i = 0; i < diagonal.length; i++) {
      for (int j = 0; j < diagonal.length; j++) {
        double gap = fisher[i][j] - (i == j ? diagonal[i] : 0);
        sum += gap * gap;
      }
    }
    return sum;
  }

  @Test
  void scoresRankLikeThoseOfTheDenseInverseAndEqualThemWhereTheFisherMatrixIsDiagonal() {
    GradientRows rows = Made.rows(random, 300, 3, 4, 3);
    assertThat(agreement(rows)).isGreaterThan(0.9);
    GradientRows axes = axes(240, 4, 3);
    double[] dense = dense(axes);
    double[] ekfac = ekfac(axes);
    for (int item = 0; item < dense.length; item++) {
      assertThat(ekfac[item]).isCloseTo(dense[item], within(1e-4 * (1 + Math.abs(dense[item]))));
    }
  }

  /** Items of one token whose inputs and gradients lie on the axes. */
  private static GradientRows axes(int items, int in, int out) {
    Matrix inputs = FloatMatrices.zeros(items, in);
    Matrix gradients = FloatMatrices.zeros(items, out);
    for (int item = 0; item < items; item++) {
      inputs.set(item, item % in, 1 + item % in);
      gradients.set(item, item / in % out, (1 + item % 5) * (item % 2 == 0 ? 1 : -1));
    }
    return Made.of(inputs, gradients, 1);
  }

  private static double agreement(GradientRows rows) {
    return Correlation.spearman(dense(rows), ekfac(rows));
  }

  /** Scores of all items for the first one, by the inverse of the whole Fisher matrix. */
  private static double[] dense(GradientRows rows) {
    double[][] fisher = fisher(rows);
    double damping = damping(rows);
    for (int i = 0; i < fisher.length; i++) {
      fisher[i][i] += damping;
    }
    Matrix query = Matrix.zeros(Matrix.Type.FLOAT64, fisher.length, 1);
    double[] first = Made.cells(rows.gradient(0, ALGEBRA));
    IntStream.range(0, first.length).forEach(i -> query.set(i, 0, first[i]));
    Matrix dense = Matrix.of(Matrix.Type.FLOAT64, fisher);
    double[] solved = ALGEBRA.solvePositiveDefinite(dense, query).column(0);
    return IntStream.range(0, rows.count())
        .mapToDouble(item -> dot(solved, Made.cells(rows.gradient(item, ALGEBRA))))
        .toArray();
  }

  private static double damping(GradientRows rows) {
    return Made.fitted(rows).curvature(Strategy.EKFAC, ALGEBRA).damping(0.1);
  }

  private static double[] ekfac(GradientRows rows) {
    Curvature curvature = Made.fitted(rows).curvature(Strategy.EKFAC, ALGEBRA);
    Matrix query = Made.precondition(curvature, rows.gradient(0, ALGEBRA), curvature.damping(0.1));
    return IntStream.range(0, rows.count())
        .mapToDouble(item -> FloatMatrices.dot(query, rows.gradient(item, ALGEBRA)))
        .toArray();
  }

  @Test
  void kroneckerEigenvaluesAreTheProductsOfBothSides() {
    Eigenbasis basis = Made.fitted(Made.rows(random, 30, 2, 4, 3)).basis().orElseThrow();
    Matrix values = basis.kroneckerValues(ALGEBRA);
    assertThat(values.get(2, 3))
        .isCloseTo(basis.outputValues().get(0, 2) * basis.inputValues().get(0, 3), within(1e-3));
    assertThat(new Curvature(Optional.of(basis), values).damping(0.5))
        .isCloseTo(0.5 * FloatMatrices.mean(values), within(1e-12));
    assertThat(ALGEBRA.transposeTimes(basis.outputs(), basis.outputs())).isNotNull();
  }
}
