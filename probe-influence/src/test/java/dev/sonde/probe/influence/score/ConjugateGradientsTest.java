package dev.sonde.probe.influence.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.influence.curvature.Made;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.MadeUpModel;
import dev.sonde.probe.influence.read.Row;
import dev.sonde.probe.influence.read.TokenizedText;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The Fisher matrix over two linears is small enough here to stand whole beside its products. */
class ConjugateGradientsTest {
  private static final LossLabels LABELS = LossLabels.sampled(7);
  private static final int FIRST = (int) MadeUpModel.LINEARS.getFirst().weights();
  private static final int WEIGHTS = FIRST + (int) MadeUpModel.LINEARS.getLast().weights();
  private static final double DAMPING = 2;

  private final List<TokenizedText> documents = documents();
  private final Gradients gradients = new Gradients(new MadeUpModel(), MadeUpModel.LINEARS, 16);
  private final Random random = new Random(2);

  private static List<TokenizedText> documents() {
    Random words = new Random(9);
    return IntStream.range(0, 12)
        .mapToObj(
            d ->
                new TokenizedText(
                    Row.of("d" + d), "d" + d, words.ints(3 + d % 3, 0, 20).toArray(), 1))
        .toList();
  }

  /** {@code (1/n) Σ g gᵀ}, float64. */
  private Matrix fisher() {
    Matrix each = Matrix.zeros(Matrix.Type.FLOAT64, documents.size(), WEIGHTS);
    gradients.each(
        documents,
        LABELS,
        rows -> {
          for (int place = 0; place < rows.count(); place++) {
            double[] cells = Made.cells(rows.gradient(place, Made.ALGEBRA));
            for (int i = 0; i < cells.length; i++) {
              each.set(rows.items()[place], rows.linear() * FIRST + i, cells[i]);
            }
          }
        });
    Matrix sum = Made.ALGEBRA.crossProducts(each);
    for (int r = 0; r < WEIGHTS; r++) {
      for (int c = 0; c < WEIGHTS; c++) {
        sum.set(r, c, sum.get(r, c) / documents.size());
      }
    }
    return sum;
  }

  private List<Matrix> vectors(int count) {
    List<Matrix> vectors = new ArrayList<>();
    for (LinearModule linear : MadeUpModel.LINEARS) {
      vectors.add(Made.gaussian(random, count, (int) linear.weights()));
    }
    return vectors;
  }

  private static double[] joined(List<Matrix> vectors, int row) {
    double[] first = vectors.getFirst().row(row);
    double[] second = vectors.getLast().row(row);
    return IntStream.range(0, WEIGHTS)
        .mapToDouble(i -> i < FIRST ? first[i] : second[i - FIRST])
        .toArray();
  }

  private FisherProduct product() {
    Demand demand = new Demand(2, 0, 0, 0, 1, 10, 1, 0, 0, 0, 0, 1L << 20);
    return new FisherProduct(gradients, documents, LABELS, demand, Made.ALGEBRA);
  }

  @Test
  void aProductIsThatOfTheWholeMatrixWithBlocksBetweenLinears() {
    List<Matrix> vectors = vectors(3);
    List<Matrix> products = product().times(vectors);
    Matrix fisher = fisher();
    for (int row = 0; row < 3; row++) {
      double[] v = joined(vectors, row);
      double[] expected =
          IntStream.range(0, WEIGHTS)
              .mapToDouble(
                  i -> IntStream.range(0, WEIGHTS).mapToDouble(j -> fisher.get(i, j) * v[j]).sum())
              .toArray();
      assertThat(joined(products, row)).containsExactly(expected, within(1e-3));
    }
  }

  @Test
  void theSolutionIsThatOfADenseSolver() {
    List<Matrix> sides = vectors(2);
    List<Matrix> solutions =
        sides.stream().map(own -> FloatMatrices.zeros(own.rows(), own.columns())).toList();
    FisherProduct fisher = product();
    ConjugateGradients.Reached reached =
        new ConjugateGradients(100, 1e-6)
            .solve(
                solutions,
                sides,
                vectors -> {
                  List<Matrix> products = fisher.times(vectors);
                  for (int linear = 0; linear < products.size(); linear++) {
                    FloatMatrices.addScaled(products.get(linear), DAMPING, vectors.get(linear));
                  }
                  return products;
                },
                vectors -> vectors.stream().map(FloatMatrices::copy).toList());
    Matrix damped = fisher();
    for (int i = 0; i < WEIGHTS; i++) {
      damped.set(i, i, damped.get(i, i) + DAMPING);
    }
    Matrix right = Matrix.zeros(Matrix.Type.FLOAT64, WEIGHTS, 2);
    for (int side = 0; side < 2; side++) {
      for (int i = 0; i < WEIGHTS; i++) {
        right.set(i, side, joined(sides, side)[i]);
      }
    }
    Matrix exact = Made.ALGEBRA.solvePositiveDefinite(damped, right);
    for (int side = 0; side < 2; side++) {
      assertThat(joined(solutions, side)).containsExactly(exact.column(side), within(1e-3));
      assertThat(reached.residuals()[side]).isLessThan(1e-5);
    }
    assertThat(reached.iterations())
        .as("no more than the matrix has different eigenvalues, and some for rounding")
        .isBetween(5, 40);
  }

  @Test
  void aSolutionIsLeftAsItIs() {
    List<Matrix> sides = vectors(1);
    List<Matrix> solutions = sides.stream().map(FloatMatrices::copy).toList();
    ConjugateGradients.Reached reached =
        new ConjugateGradients(5, 1e-3)
            .solve(
                solutions,
                sides,
                vectors -> vectors.stream().map(FloatMatrices::copy).toList(),
                vectors -> vectors.stream().map(FloatMatrices::copy).toList());
    assertThat(reached.iterations()).isZero();
    assertThat(joined(solutions, 0)).containsExactly(joined(sides, 0));
  }
}
