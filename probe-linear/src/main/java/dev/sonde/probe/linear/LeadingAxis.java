package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Covariance;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebra.SymmetricEigen;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The first principal axis of some rows by Lanczos' method with full orthogonalisation (Golub and
 * Van Loan, Matrix Computations, 10.1): some tens of products with the covariance in place of its
 * whole decomposition.
 */
final class LeadingAxis {
  /** The size of {@code T u − λ u}, in units of λ, that ends the search. */
  private static final double RESIDUAL = 1e-9;

  /** Steps between two looks at the residual. */
  private static final int STRIDE = 10;

  /** The beginning must only not be orthogonal to the axis. */
  private static final long SEED = 1;

  private LeadingAxis() {}

  /** A unit vector, its sign left open; 0 where all rows are alike. */
  static double[] of(Covariance covariance, LinearAlgebra algebra) {
    int size = covariance.mean().length;
    if (covariance.trace() == 0) {
      return new double[size];
    }
    List<double[]> basis = new ArrayList<>();
    List<Double> diagonal = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    double[] next = start(size);
    while (true) {
      basis.add(next);
      double[] image = covariance.times(next);
      diagonal.add(Directions.dot(image, next));
      double[] rest = orthogonal(image, basis);
      double length = Directions.norm(rest);
      boolean last = basis.size() == size || length <= RESIDUAL * covariance.trace() / size;
      if (last || basis.size() % STRIDE == 0) {
        SymmetricEigen eigen = algebra.symmetricEigen(tridiagonal(diagonal, beside));
        double[] coordinates = eigen.vectors().column(basis.size() - 1);
        double residual = length * Math.abs(coordinates[basis.size() - 1]);
        if (last || residual <= RESIDUAL * eigen.values()[basis.size() - 1]) {
          return combined(basis, coordinates);
        }
      }
      beside.add(length);
      next = Directions.times(1 / length, rest);
    }
  }

  private static double[] start(int size) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    double[] vector = new double[size];
    for (int c = 0; c < size; c++) {
      vector[c] = random.nextDouble() - 0.5;
    }
    return Directions.times(1 / Directions.norm(vector), vector);
  }

  /** What is left without the parts along a basis; taken out twice, as rounding asks for. */
  private static double[] orthogonal(double[] vector, List<double[]> basis) {
    double[] rest = vector.clone();
    for (int round = 0; round < 2; round++) {
      for (double[] axis : basis) {
        double along = Directions.dot(rest, axis);
        for (int c = 0; c < rest.length; c++) {
          rest[c] -= along * axis[c];
        }
      }
    }
    return rest;
  }

  private static Matrix tridiagonal(List<Double> diagonal, List<Double> beside) {
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT64, diagonal.size(), diagonal.size());
    for (int i = 0; i < diagonal.size(); i++) {
      matrix.set(i, i, diagonal.get(i));
      if (i < beside.size()) {
        matrix.set(i, i + 1, beside.get(i));
        matrix.set(i + 1, i, beside.get(i));
      }
    }
    return matrix;
  }

  private static double[] combined(List<double[]> basis, double[] coordinates) {
    double[] sum = new double[basis.getFirst().length];
    for (int i = 0; i < coordinates.length; i++) {
      double[] axis = basis.get(i);
      for (int c = 0; c < sum.length; c++) {
        sum[c] += coordinates[i] * axis[c];
      }
    }
    return sum;
  }
}
