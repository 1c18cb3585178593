package dev.sonde.engine.linalg;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/**
 * Linear algebra in Java: products in loops that the compiler vectorises, decompositions by EJML in
 * float64.
 */
public final class PlainLinearAlgebra implements LinearAlgebra {
  /** Rows of the right operand that stay in the cache while they are used. */
  private static final int BLOCK = 256;

  @Override
  public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
    requireSameType(a, b);
    Matrix left = !transposeA ? a : transpose(a);
    Matrix right = !transposeB ? b : transpose(b);
    if (left.columns() != right.rows()) {
      throw new IllegalArgumentException("cannot multiply " + left + " by " + right);
    }
    Matrix product = Matrix.zeros(a.type(), left.rows(), right.columns());
    if (a.type() == Matrix.Type.FLOAT32) {
      multiplyFloats(left, right, product);
    } else {
      multiplyDoubles(left, right, product);
    }
    return product;
  }

  private static void requireSameType(Matrix a, Matrix b) {
    if (a.type() != b.type()) {
      throw new IllegalArgumentException("operands differ in type: " + a + " and " + b);
    }
  }

  private static void multiplyFloats(Matrix a, Matrix b, Matrix product) {
    int columns = b.columns();
    float[] block = new float[BLOCK * columns];
    float[] row = new float[columns];
    for (int from = 0; from < a.columns(); from += BLOCK) {
      int depth = Math.min(BLOCK, a.columns() - from);
      copy(b.segment(), (long) from * columns, block, depth * columns);
      for (int i = 0; i < a.rows(); i++) {
        copy(product.segment(), (long) i * columns, row, columns);
        for (int k = 0; k < depth; k++) {
          addScaled(row, block, k * columns, (float) a.get(i, from + k));
        }
        MemorySegment.copy(
            row, 0, product.segment(), ValueLayout.JAVA_FLOAT, (long) i * columns * 4, columns);
      }
    }
  }

  private static void copy(MemorySegment from, long start, float[] to, int count) {
    MemorySegment.copy(from, ValueLayout.JAVA_FLOAT, start * Float.BYTES, to, 0, count);
  }

  private static void addScaled(float[] row, float[] other, int offset, float scale) {
    for (int j = 0; j < row.length; j++) {
      row[j] += scale * other[offset + j];
    }
  }

  private static void multiplyDoubles(Matrix a, Matrix b, Matrix product) {
    DMatrixRMaj result = new DMatrixRMaj(a.rows(), b.columns());
    CommonOps_DDRM.mult(toEjml(a), toEjml(b), result);
    copyInto(result, product);
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

  @Override
  public Matrix crossProducts(Matrix a) {
    return transposeTimes(a, a);
  }

  @Override
  public SymmetricEigen symmetricEigen(Matrix a) {
    requireSquareDoubles(a);
    int n = a.rows();
    EigenDecomposition_F64<DMatrixRMaj> decomposition =
        DecompositionFactory_DDRM.eig(n, true, true);
    if (!decomposition.decompose(toEjml(a))) {
      throw new ArithmeticException("the eigendecomposition of " + a + " did not converge");
    }
    double[] values = new double[n];
    for (int i = 0; i < n; i++) {
      values[i] = decomposition.getEigenvalue(i).getReal();
    }
    int[] order =
        IntStream.range(0, n)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    Matrix vectors = Matrix.zeros(Matrix.Type.FLOAT64, n, n);
    for (int c = 0; c < n; c++) {
      DMatrixRMaj vector = decomposition.getEigenVector(order[c]);
      for (int r = 0; r < n; r++) {
        vectors.set(r, c, vector.get(r));
      }
    }
    return new SymmetricEigen(Arrays.stream(order).mapToDouble(i -> values[i]).toArray(), vectors);
  }

  @Override
  public SingularValues singularValues(Matrix a) {
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(a.rows(), a.columns(), true, true, true);
    if (!svd.decompose(toEjml(a))) {
      throw new ArithmeticException("the singular value decomposition of " + a + " failed");
    }
    DMatrixRMaj left = svd.getU(null, false);
    DMatrixRMaj right = svd.getV(null, true);
    double[] values = svd.getSingularValues();
    int count = Math.min(a.rows(), a.columns());
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    Matrix u = Matrix.zeros(a.type(), a.rows(), count);
    Matrix v = Matrix.zeros(a.type(), count, a.columns());
    double[] sorted = new double[count];
    for (int k = 0; k < count; k++) {
      sorted[k] = values[order[k]];
      for (int r = 0; r < a.rows(); r++) {
        u.set(r, k, left.get(r, order[k]));
      }
      for (int c = 0; c < a.columns(); c++) {
        v.set(k, c, right.get(order[k], c));
      }
    }
    return new SingularValues(u, sorted, v);
  }

  @Override
  public Matrix cholesky(Matrix a) {
    CholeskyDecomposition_F64<DMatrixRMaj> decomposition =
        DecompositionFactory_DDRM.chol(a.rows(), true);
    if (!decomposition.decompose(toEjml(a))) {
      throw new ArithmeticException(a + " is not positive definite");
    }
    Matrix lower = Matrix.zeros(a.type(), a.rows(), a.rows());
    copyInto(decomposition.getT(null), lower);
    return lower;
  }

  @Override
  public Matrix solvePositiveDefinite(Matrix a, Matrix b) {
    requireSameType(a, b);
    DMatrixRMaj solution = new DMatrixRMaj(b.rows(), b.columns());
    var solver = LinearSolverFactory_DDRM.chol(a.rows());
    if (!solver.setA(toEjml(a))) {
      throw new ArithmeticException(a + " is not positive definite");
    }
    solver.solve(toEjml(b), solution);
    Matrix result = Matrix.zeros(a.type(), b.rows(), b.columns());
    copyInto(solution, result);
    return result;
  }

  private static void requireSquareDoubles(Matrix a) {
    if (a.rows() != a.columns() || a.type() != Matrix.Type.FLOAT64) {
      throw new IllegalArgumentException(a + " is not a square float64 matrix");
    }
  }

  private static DMatrixRMaj toEjml(Matrix a) {
    DMatrixRMaj copy = new DMatrixRMaj(a.rows(), a.columns());
    for (int r = 0; r < a.rows(); r++) {
      for (int c = 0; c < a.columns(); c++) {
        copy.unsafe_set(r, c, a.get(r, c));
      }
    }
    return copy;
  }

  private static void copyInto(DMatrixRMaj from, Matrix to) {
    for (int r = 0; r < to.rows(); r++) {
      for (int c = 0; c < to.columns(); c++) {
        to.set(r, c, from.unsafe_get(r, c));
      }
    }
  }
}
