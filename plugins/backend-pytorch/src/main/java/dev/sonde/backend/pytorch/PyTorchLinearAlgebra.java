package dev.sonde.backend.pytorch;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Matrices are read where they lie and results copied once. */
final class PyTorchLinearAlgebra implements LinearAlgebra {
  private final Torch torch;

  PyTorchLinearAlgebra(Torch torch) {
    this.torch = torch;
  }

  private static PtNDArray tensor(Torch.Scope scope, Matrix matrix) {
    DataType type = matrix.type() == Matrix.Type.FLOAT32 ? DataType.FLOAT32 : DataType.FLOAT64;
    return scope.view(inNativeMemory(matrix).segment(), type, matrix.rows(), matrix.columns());
  }

  /** The matrix in memory that libtorch can read. */
  private static Matrix inNativeMemory(Matrix matrix) {
    if (matrix.segment().isNative()) {
      return matrix;
    }
    Matrix copy = Matrix.zeros(matrix.type(), matrix.rows(), matrix.columns());
    copy.segment().copyFrom(matrix.segment());
    return copy;
  }

  private static Matrix matrix(PtNDArray tensor, Matrix.Type type, int rows, int columns) {
    Matrix matrix = Matrix.zeros(type, rows, columns);
    matrix.segment().copyFrom(Torch.host(tensor));
    return matrix;
  }

  private static double[] numbers(PtNDArray tensor, int count) {
    Matrix.Type type =
        tensor.getDataType() == DataType.FLOAT32 ? Matrix.Type.FLOAT32 : Matrix.Type.FLOAT64;
    MemorySegment cells = Torch.host(tensor);
    return Matrix.of(cells, type, 1, count).row(0);
  }

  @Override
  public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
    boolean turnA = transposeA;
    boolean turnB = transposeB;
    int inner = turnA ? a.rows() : a.columns();
    if (a.type() != b.type() || inner != (turnB ? b.columns() : b.rows())) {
      throw new IllegalArgumentException("cannot multiply " + a + " by " + b);
    }
    try (Torch.Scope scope = torch.scope()) {
      PtNDArray product = scope.call("multiply", tensor(scope, a), tensor(scope, b), turnA, turnB);
      return matrix(
          product, a.type(), turnA ? a.columns() : a.rows(), turnB ? b.rows() : b.columns());
    }
  }

  @Override
  public Matrix crossProducts(Matrix a) {
    return transposeTimes(a, a);
  }

  @Override
  public SymmetricEigen symmetricEigen(Matrix a) {
    if (a.rows() != a.columns() || a.type() != Matrix.Type.FLOAT64) {
      throw new IllegalArgumentException(a + " is not a square float64 matrix");
    }
    try (Torch.Scope scope = torch.scope()) {
      List<PtNDArray> parts = scope.callForMany("eigh", tensor(scope, a));
      return new SymmetricEigen(
          numbers(parts.getFirst(), a.rows()),
          matrix(parts.getLast(), a.type(), a.rows(), a.rows()));
    }
  }

  @Override
  public SingularValues singularValues(Matrix a) {
    int count = Math.min(a.rows(), a.columns());
    try (Torch.Scope scope = torch.scope()) {
      List<PtNDArray> parts = scope.callForMany("svd", tensor(scope, a));
      return new SingularValues(
          matrix(parts.get(0), a.type(), a.rows(), count),
          numbers(parts.get(1), count),
          matrix(parts.get(2), a.type(), count, a.columns()));
    }
  }

  @Override
  public Matrix cholesky(Matrix a) {
    try (Torch.Scope scope = torch.scope()) {
      return matrix(scope.call("cholesky", tensor(scope, a)), a.type(), a.rows(), a.rows());
    } catch (EngineException e) {
      throw notPositiveDefinite(a, e);
    }
  }

  @Override
  public Matrix solvePositiveDefinite(Matrix a, Matrix b) {
    try (Torch.Scope scope = torch.scope()) {
      PtNDArray solution = scope.call("solve", tensor(scope, a), tensor(scope, b));
      return matrix(solution, a.type(), b.rows(), b.columns());
    } catch (EngineException e) {
      throw notPositiveDefinite(a, e);
    }
  }

  private static ArithmeticException notPositiveDefinite(Matrix a, EngineException e) {
    ArithmeticException refused = new ArithmeticException(a + " is not positive definite");
    refused.initCause(e);
    return refused;
  }
}
