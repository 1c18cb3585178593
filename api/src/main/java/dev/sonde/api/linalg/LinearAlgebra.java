package dev.sonde.api.linalg;

import dev.sonde.api.ApiStatus;

/**
 * Dense linear algebra. Operands of one call have one number type, which the result shares. Results
 * are new matrices; operands are not changed. All methods may be called from several threads.
 */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface LinearAlgebra {
  /**
   * The product of two matrices, each as it is or transposed.
   *
   * @throws IllegalArgumentException if the inner sizes or the number types differ
   */
  Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB);

  /** The product {@code a b}. */
  default Matrix multiply(Matrix a, Matrix b) {
    return multiply(a, false, b, false);
  }

  /** The product {@code aᵀ b}. */
  default Matrix transposeTimes(Matrix a, Matrix b) {
    return multiply(a, true, b, false);
  }

  /** The product {@code a bᵀ}. */
  default Matrix timesTranspose(Matrix a, Matrix b) {
    return multiply(a, false, b, true);
  }

  /** The symmetric product {@code aᵀ a}, {@code [columns, columns]} (BLAS syrk). */
  Matrix crossProducts(Matrix a);

  /**
   * Eigenvalues and eigenvectors of a symmetric float64 matrix.
   *
   * @throws IllegalArgumentException if the matrix is not square or not float64
   */
  SymmetricEigen symmetricEigen(Matrix a);

  /** The thin singular value decomposition {@code a = u diag(s) vᵀ}. */
  SingularValues singularValues(Matrix a);

  /**
   * The lower Cholesky factor {@code l} of a symmetric positive definite matrix {@code a = l lᵀ}.
   *
   * @throws ArithmeticException if the matrix is not positive definite
   */
  Matrix cholesky(Matrix a);

  /**
   * The solution {@code x} of {@code a x = b} for a symmetric positive definite {@code a}.
   *
   * @throws ArithmeticException if the matrix is not positive definite
   */
  Matrix solvePositiveDefinite(Matrix a, Matrix b);

  /**
   * A symmetric eigendecomposition {@code a = v diag(values) vᵀ}.
   *
   * @param values ascending
   * @param vectors {@code [n, n]}, one eigenvector per column, orthonormal
   */
  record SymmetricEigen(double[] values, Matrix vectors) {}

  /**
   * A thin singular value decomposition, {@code k = min(rows, columns)}.
   *
   * @param left {@code [rows, k]}, orthonormal columns
   * @param values descending, not negative
   * @param rightTransposed {@code [k, columns]}, orthonormal rows
   */
  record SingularValues(Matrix left, double[] values, Matrix rightTransposed) {}
}
