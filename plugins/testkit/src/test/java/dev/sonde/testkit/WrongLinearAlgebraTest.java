package dev.sonde.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import org.junit.jupiter.api.Test;

/** An implementation that keeps the contract passes it; each way of breaking it fails a check. */
class WrongLinearAlgebraTest {
  @Test
  void everyCheckCanFail() {
    assertThat(Verdicts.neverFailed(Right.class)).isEmpty();
  }

  @Test
  void theTextbookPasses() {
    assertThat(Verdicts.of(Right.class).failed()).isEmpty();
  }

  @Test
  void whoForgetsTheFormOfAnOperandFails() {
    assertThat(Verdicts.of(Formless.class).failed())
        .contains("productsAgreeWithTheirDefinitionInEveryForm");
  }

  @Test
  void whoTakesHalfOfEverythingFails() {
    assertThat(Verdicts.of(Halving.class).failed())
        .contains(
            "crossProductsAreTheProductWithTheTranspose",
            "eigenvaluesAscendAndRebuildTheMatrix",
            "singularValuesDescendAndRebuildTheMatrix",
            "theCholeskyFactorIsLowerAndRebuildsTheMatrix",
            "solvingUndoesMultiplying");
  }

  @Test
  void whoRefusesNothingFails() {
    assertThat(Verdicts.of(Obliging.class).failed())
        .containsOnly(
            "aMatrixThatIsNotPositiveDefiniteIsRefused", "operandsThatDoNotFitAreRefused");
  }

  private abstract static class Contract extends LinearAlgebraContract {}

  /** The textbook, with what it leaves out. */
  private static class Textbook implements LinearAlgebra {
    private final LinearAlgebra right = new TextbookAlgebra();

    void check(boolean fits) {
      if (!fits) {
        throw new IllegalArgumentException("the operands do not fit");
      }
    }

    @Override
    public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
      int inner = !transposeA ? a.columns() : a.rows();
      check(a.type() == b.type() && inner == (!transposeB ? b.rows() : b.columns()));
      return right.multiply(a, transposeA, b, transposeB);
    }

    @Override
    public Matrix crossProducts(Matrix a) {
      return right.crossProducts(a);
    }

    @Override
    public SymmetricEigen symmetricEigen(Matrix a) {
      check(a.rows() == a.columns());
      return right.symmetricEigen(a);
    }

    /** From the eigenvectors of the smaller product with the transpose. */
    @Override
    public SingularValues singularValues(Matrix a) {
      Matrix exact = a.as(Matrix.Type.FLOAT64);
      if (a.rows() < a.columns()) {
        SingularValues other = singularValues(transposed(a));
        return new SingularValues(
            transposed(other.rightTransposed()), other.values(), transposed(other.left()));
      }
      SymmetricEigen eigen = right.symmetricEigen(right.crossProducts(exact));
      int count = a.columns();
      double[] values = new double[count];
      Matrix rightTransposed = Matrix.zeros(Matrix.Type.FLOAT64, count, count);
      for (int k = 0; k < count; k++) {
        values[k] = Math.sqrt(eigen.values()[count - 1 - k]);
        rightTransposed.setRow(k, eigen.vectors().column(count - 1 - k));
      }
      Matrix left = right.timesTranspose(exact, rightTransposed);
      for (int row = 0; row < left.rows(); row++) {
        for (int k = 0; k < count; k++) {
          left.set(row, k, left.get(row, k) / values[k]);
        }
      }
      return new SingularValues(left.as(a.type()), values, rightTransposed.as(a.type()));
    }

    private static Matrix transposed(Matrix a) {
      Matrix transposed = Matrix.zeros(a.type(), a.columns(), a.rows());
      for (int row = 0; row < a.rows(); row++) {
        for (int column = 0; column < a.columns(); column++) {
          transposed.set(column, row, a.get(row, column));
        }
      }
      return transposed;
    }

    @Override
    public Matrix cholesky(Matrix a) {
      return right.cholesky(a);
    }

    @Override
    public Matrix solvePositiveDefinite(Matrix a, Matrix b) {
      return right.solvePositiveDefinite(a, b);
    }
  }

  static class Right extends Contract {
    @Override
    protected LinearAlgebra algebra() {
      return new Textbook();
    }
  }

  static class Formless extends Contract {
    @Override
    protected LinearAlgebra algebra() {
      return new Textbook() {
        @Override
        public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
          return super.multiply(a, transposeA, b, false);
        }
      };
    }
  }

  static class Halving extends Contract {
    @Override
    protected LinearAlgebra algebra() {
      return new Textbook() {
        @Override
        public Matrix crossProducts(Matrix a) {
          return half(super.crossProducts(a));
        }

        @Override
        public SymmetricEigen symmetricEigen(Matrix a) {
          return super.symmetricEigen(half(a));
        }

        @Override
        public SingularValues singularValues(Matrix a) {
          return super.singularValues(half(a));
        }

        @Override
        public Matrix cholesky(Matrix a) {
          return half(super.cholesky(a));
        }

        @Override
        public Matrix solvePositiveDefinite(Matrix a, Matrix b) {
          return half(super.solvePositiveDefinite(a, b));
        }
      };
    }

    private static Matrix half(Matrix whole) {
      Matrix half = Matrix.zeros(whole.type(), whole.rows(), whole.columns());
      for (int row = 0; row < whole.rows(); row++) {
        for (int column = 0; column < whole.columns(); column++) {
          half.set(row, column, whole.get(row, column) / 2);
        }
      }
      return half;
    }
  }

  static class Obliging extends Contract {
    @Override
    protected LinearAlgebra algebra() {
      return new Textbook() {
        @Override
        void check(boolean fits) {}

        @Override
        public Matrix cholesky(Matrix a) {
          try {
            return super.cholesky(a);
          } catch (ArithmeticException e) {
            return a;
          }
        }
      };
    }
  }
}
