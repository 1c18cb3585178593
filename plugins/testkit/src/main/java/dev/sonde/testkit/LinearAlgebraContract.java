package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every implementation of dense linear algebra keeps to. */
public abstract class LinearAlgebraContract {
  /** For sub-classes. */
  protected LinearAlgebraContract() {}

  /** The implementation under test. */
  protected abstract LinearAlgebra algebra();

  @ParameterizedTest
  @EnumSource
  void productsAgreeWithTheirDefinitionInEveryForm(Matrix.Type type) {
    Matrix a = random(type, 37, 23, 1);
    Matrix b = random(type, 23, 300, 2);
    Matrix expected = product(a, b);
    assertClose(algebra().multiply(a, b), expected, tolerance(type));
    assertClose(algebra().transposeTimes(transpose(a), b), expected, tolerance(type));
    assertClose(algebra().timesTranspose(a, transpose(b)), expected, tolerance(type));
    assertClose(
        algebra().multiply(transpose(a), true, transpose(b), true), expected, tolerance(type));
  }

  @ParameterizedTest
  @EnumSource
  void crossProductsAreTheProductWithTheTranspose(Matrix.Type type) {
    Matrix a = random(type, 50, 12, 3);
    assertClose(algebra().crossProducts(a), product(transpose(a), a), tolerance(type));
  }

  @Test
  void eigenvaluesAscendAndRebuildTheMatrix() {
    Matrix half = random(Matrix.Type.FLOAT64, 20, 20, 4);
    Matrix symmetric = product(transpose(half), half);
    LinearAlgebra.SymmetricEigen eigen = algebra().symmetricEigen(symmetric);
    assertThat(eigen.values()).as("eigenvalues, which ascend").isSorted();
    Matrix vectors = eigen.vectors();
    assertClose(
        product(scaleColumns(vectors, eigen.values()), transpose(vectors)), symmetric, 1e-9);
    assertClose(product(transpose(vectors), vectors), identity(20), 1e-10);
  }

  @ParameterizedTest
  @EnumSource
  void singularValuesDescendAndRebuildTheMatrix(Matrix.Type type) {
    for (int[] shape : new int[][] {{30, 8}, {8, 30}}) {
      Matrix a = random(type, shape[0], shape[1], 5);
      LinearAlgebra.SingularValues svd = algebra().singularValues(a);
      assertThat(svd.values())
          .as("number of singular values: the smaller side of %d and %d", shape[0], shape[1])
          .hasSize(8);
      for (int i = 1; i < 8; i++) {
        assertThat(svd.values()[i])
            .as("singular value %d, no larger than the one before", i)
            .isBetween(0.0, svd.values()[i - 1]);
      }
      Matrix rebuilt = product(scaleColumns(svd.left(), svd.values()), svd.rightTransposed());
      assertClose(rebuilt, a, tolerance(type));
    }
  }

  @Test
  void theCholeskyFactorIsLowerAndRebuildsTheMatrix() {
    Matrix a = positiveDefinite(15);
    Matrix lower = algebra().cholesky(a);
    assertClose(product(lower, transpose(lower)), a, 1e-10);
    assertThat(lower.get(0, 14)).as("a cell above the diagonal of the Cholesky factor").isZero();
  }

  @Test
  void solvingUndoesMultiplying() {
    Matrix a = positiveDefinite(15);
    Matrix x = random(Matrix.Type.FLOAT64, 15, 3, 6);
    assertClose(algebra().solvePositiveDefinite(a, product(a, x)), x, 1e-8);
  }

  @Test
  void aMatrixThatIsNotPositiveDefiniteIsRefused() {
    Matrix a = Matrix.of(Matrix.Type.FLOAT64, new double[][] {{1, 2}, {2, 1}});
    assertThatThrownBy(() -> algebra().cholesky(a))
        .as(
            "the Cholesky factor of a matrix that is not positive definite throws an ArithmeticException")
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void operandsThatDoNotFitAreRefused() {
    Matrix a = random(Matrix.Type.FLOAT32, 2, 3, 7);
    Matrix other = random(Matrix.Type.FLOAT64, 3, 2, 7);
    assertThatThrownBy(() -> algebra().multiply(a, a))
        .as("a product of [2, 3] and [2, 3] throws an IllegalArgumentException")
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> algebra().multiply(a, other))
        .as("a product of float32 and float64 throws an IllegalArgumentException")
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> algebra().symmetricEigen(other))
        .as("eigenvalues of a matrix that is not square throw an IllegalArgumentException")
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static double tolerance(Matrix.Type type) {
    return type == Matrix.Type.FLOAT32 ? 2e-5 : 1e-10;
  }

  private static Matrix random(Matrix.Type type, int rows, int columns, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    Matrix matrix = Matrix.zeros(type, rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, random.nextGaussian());
      }
    }
    return matrix;
  }

  private static Matrix positiveDefinite(int size) {
    Matrix half = random(Matrix.Type.FLOAT64, 2 * size, size, 8);
    return product(transpose(half), half);
  }

  private static Matrix product(Matrix a, Matrix b) {
    Matrix product = Matrix.zeros(a.type(), a.rows(), b.columns());
    for (int r = 0; r < a.rows(); r++) {
      for (int c = 0; c < b.columns(); c++) {
        double sum = 0;
        for (int k = 0; k < a.columns(); k++) {
          sum += a.get(r, k) * b.get(k, c);
        }
        product.set(r, c, sum);
      }
    }
    return product;
  }

  private static Matrix transpose(Matrix a) {
    Matrix transposed = Matrix.zeros(a.type(), a.columns(), a.rows());
    for (int r = 0; r < a.rows(); r++) {
      for (int c = 0; c < a.columns(); c++) {
        transposed.set(c, r, a.get(r, c));
      }
    }
    return transposed;
  }

  private static Matrix scaleColumns(Matrix a, double[] scales) {
    Matrix scaled = Matrix.zeros(a.type(), a.rows(), a.columns());
    for (int r = 0; r < a.rows(); r++) {
      for (int c = 0; c < a.columns(); c++) {
        scaled.set(r, c, a.get(r, c) * scales[c]);
      }
    }
    return scaled;
  }

  private static Matrix identity(int size) {
    Matrix identity = Matrix.zeros(Matrix.Type.FLOAT64, size, size);
    for (int i = 0; i < size; i++) {
      identity.set(i, i, 1);
    }
    return identity;
  }

  private static void assertClose(Matrix actual, Matrix expected, double tolerance) {
    assertThat(actual.rows()).as("rows of the result").isEqualTo(expected.rows());
    assertThat(actual.columns()).as("columns of the result").isEqualTo(expected.columns());
    assertThat(actual.type()).as("number type of the result").isEqualTo(expected.type());
    double scale = 1;
    for (int r = 0; r < expected.rows(); r++) {
      for (double cell : expected.row(r)) {
        scale = Math.max(scale, Math.abs(cell));
      }
    }
    for (int r = 0; r < expected.rows(); r++) {
      for (int c = 0; c < expected.columns(); c++) {
        assertThat(actual.get(r, c))
            .as("the result at [%d, %d], beside the definition in plain loops", r, c)
            .isCloseTo(expected.get(r, c), within(tolerance * scale));
      }
    }
  }
}
