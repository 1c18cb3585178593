package dev.sonde.testkit;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.Arrays;
import java.util.Comparator;

/** Linear algebra by the shortest loops that are right, for small matrices of tests. */
public final class TextbookAlgebra implements LinearAlgebra {
  private static final int MOST_SWEEPS = 60;
  private static final double ENOUGH = 1e-22;

  /** Linear algebra without any library. */
  public TextbookAlgebra() {}

  @Override
  public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
    Matrix left = !transposeA ? a : transpose(a);
    Matrix right = !transposeB ? b : transpose(b);
    Matrix product = Matrix.zeros(a.type(), left.rows(), right.columns());
    for (int i = 0; i < left.rows(); i++) {
      for (int j = 0; j < right.columns(); j++) {
        double sum = 0;
        for (int k = 0; k < left.columns(); k++) {
          sum += left.get(i, k) * right.get(k, j);
        }
        product.set(i, j, sum);
      }
    }
    return product;
  }

  private static Matrix transpose(Matrix a) {
    Matrix turned = Matrix.zeros(a.type(), a.columns(), a.rows());
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < a.columns(); j++) {
        turned.set(j, i, a.get(i, j));
      }
    }
    return turned;
  }

  @Override
  public Matrix crossProducts(Matrix a) {
    return transposeTimes(a, a);
  }

  /** Jacobi's method: rotations that make one pair of off-diagonal cells vanish at a time. */
  @Override
  public SymmetricEigen symmetricEigen(Matrix a) {
    int n = a.rows();
    Matrix rest = multiply(a, identity(n));
    Matrix vectors = identity(n);
    for (int sweep = 0; sweep < MOST_SWEEPS && offDiagonal(rest) > ENOUGH; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          rotate(rest, vectors, p, q);
        }
      }
    }
    return ascending(rest, vectors);
  }

  /** The share of the squared cells that lies outside the diagonal. */
  private static double offDiagonal(Matrix a) {
    double outside = 0;
    double all = Double.MIN_NORMAL;
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j < a.rows(); j++) {
        double square = a.get(i, j) * a.get(i, j);
        all += square;
        outside += i == j ? 0 : square;
      }
    }
    return outside / all;
  }

  private static void rotate(Matrix a, Matrix vectors, int p, int q) {
    double angle = Math.atan2(2 * a.get(p, q), a.get(q, q) - a.get(p, p)) / 2;
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    rotateColumns(a, p, q, cos, sin);
    for (int k = 0; k < a.rows(); k++) {
      double first = a.get(p, k);
      double second = a.get(q, k);
      a.set(p, k, cos * first - sin * second);
      a.set(q, k, sin * first + cos * second);
    }
    rotateColumns(vectors, p, q, cos, sin);
  }

  private static void rotateColumns(Matrix a, int p, int q, double cos, double sin) {
    for (int k = 0; k < a.rows(); k++) {
      double first = a.get(k, p);
      double second = a.get(k, q);
      a.set(k, p, cos * first - sin * second);
      a.set(k, q, sin * first + cos * second);
    }
  }

  private static SymmetricEigen ascending(Matrix diagonal, Matrix vectors) {
    int n = diagonal.rows();
    Integer[] order = new Integer[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    Arrays.sort(order, Comparator.comparingDouble(i -> diagonal.get(i, i)));
    double[] values = new double[n];
    Matrix sorted = Matrix.zeros(Matrix.Type.FLOAT64, n, n);
    for (int i = 0; i < n; i++) {
      values[i] = diagonal.get(order[i], order[i]);
      for (int k = 0; k < n; k++) {
        sorted.set(k, i, vectors.get(k, order[i]));
      }
    }
    return new SymmetricEigen(values, sorted);
  }

  private static Matrix identity(int n) {
    Matrix identity = Matrix.zeros(Matrix.Type.FLOAT64, n, n);
    for (int i = 0; i < n; i++) {
      identity.set(i, i, 1);
    }
    return identity;
  }

  /** By the eigenvectors of {@code aᵀa}; singular values near 0 are of no use. */
  @Override
  public SingularValues singularValues(Matrix a) {
    SymmetricEigen eigen = symmetricEigen(crossProducts(a.as(Matrix.Type.FLOAT64)));
    int count = Math.min(a.rows(), a.columns());
    Matrix left = Matrix.zeros(a.type(), a.rows(), count);
    Matrix right = Matrix.zeros(a.type(), count, a.columns());
    double[] values = new double[count];
    for (int k = 0; k < count; k++) {
      int from = a.columns() - 1 - k;
      values[k] = Math.sqrt(Math.max(0, eigen.values()[from]));
      double[] axis = eigen.vectors().column(from);
      right.setRow(k, axis);
      for (int row = 0; row < a.rows() && values[k] > 0; row++) {
        double sum = 0;
        for (int c = 0; c < axis.length; c++) {
          sum += a.get(row, c) * axis[c];
        }
        left.set(row, k, sum / values[k]);
      }
    }
    return new SingularValues(left, values, right);
  }

  @Override
  public Matrix cholesky(Matrix a) {
    Matrix factor = Matrix.zeros(a.type(), a.rows(), a.rows());
    for (int i = 0; i < a.rows(); i++) {
      for (int j = 0; j <= i; j++) {
        double rest = a.get(i, j);
        for (int k = 0; k < j; k++) {
          rest -= factor.get(i, k) * factor.get(j, k);
        }
        if (i == j && rest <= 0) {
          throw new ArithmeticException(a + " is not positive definite");
        }
        factor.set(i, j, i == j ? Math.sqrt(rest) : rest / factor.get(j, j));
      }
    }
    return factor;
  }

  @Override
  public Matrix solvePositiveDefinite(Matrix a, Matrix b) {
    Matrix factor = cholesky(a);
    Matrix x = multiply(identity(b.rows()), b.as(Matrix.Type.FLOAT64));
    for (int c = 0; c < b.columns(); c++) {
      for (int i = 0; i < b.rows(); i++) {
        double rest = x.get(i, c);
        for (int k = 0; k < i; k++) {
          rest -= factor.get(i, k) * x.get(k, c);
        }
        x.set(i, c, rest / factor.get(i, i));
      }
      for (int i = b.rows() - 1; i >= 0; i--) {
        double rest = x.get(i, c);
        for (int k = i + 1; k < b.rows(); k++) {
          rest -= factor.get(k, i) * x.get(k, c);
        }
        x.set(i, c, rest / factor.get(i, i));
      }
    }
    return x;
  }
}
