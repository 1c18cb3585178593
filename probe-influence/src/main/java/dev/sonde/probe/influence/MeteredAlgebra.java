package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.function.ObjLongConsumer;

/** Linear algebra that counts its products: multiplications and additions, and the time taken. */
final class MeteredAlgebra implements LinearAlgebra {
  private static final long NANOS_A_MILLISECOND = 1_000_000;
  private static final long MEGA = 1_000_000;

  private final LinearAlgebra algebra;
  private long operations;
  private long nanos;

  MeteredAlgebra(LinearAlgebra algebra) {
    this.algebra = algebra;
  }

  /** Tells what was counted so far. */
  void tell(ObjLongConsumer<String> cost) {
    cost.accept("cost.product_megaflop", operations / MEGA);
    cost.accept("cost.product_milliseconds", nanos / NANOS_A_MILLISECOND);
  }

  @Override
  public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
    long began = System.nanoTime();
    Matrix product = algebra.multiply(a, transposeA, b, transposeB);
    count(began, product, transposeA ? a.rows() : a.columns());
    return product;
  }

  @Override
  public Matrix crossProducts(Matrix a) {
    long began = System.nanoTime();
    Matrix product = algebra.crossProducts(a);
    count(began, product, a.rows());
    return product;
  }

  private void count(long began, Matrix product, int inner) {
    nanos += System.nanoTime() - began;
    operations += 2L * product.rows() * product.columns() * inner;
  }

  @Override
  public SymmetricEigen symmetricEigen(Matrix a) {
    return algebra.symmetricEigen(a);
  }

  @Override
  public SingularValues singularValues(Matrix a) {
    return algebra.singularValues(a);
  }

  @Override
  public Matrix cholesky(Matrix a) {
    return algebra.cholesky(a);
  }

  @Override
  public Matrix solvePositiveDefinite(Matrix a, Matrix b) {
    return algebra.solvePositiveDefinite(a, b);
  }
}
