package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The eigenvector of a positive semidefinite matrix T with the largest eigenvalue, by Lanczos'
 * method with full orthogonalisation (Golub and Van Loan, Matrix Computations, 10.1): some tens of
 * products with T in place of its whole decomposition. Of a covariance it is the first principal
 * axis, of the inner products of centred rows their projections on it.
 */
public final class LeadingAxis {
  /** The size of {@code T u − λ u}, in units of λ, that ends the search. */
  private static final double RESIDUAL = 1e-9;

  /** Steps between two looks at the residual. */
  private static final int STRIDE = 10;

  /** Halvings that leave nothing of an interval but rounding. */
  private static final int HALVINGS = 120;

  /** The beginning must only not be orthogonal to the axis. */
  private static final long SEED = 1;

  private LeadingAxis() {}

  /**
   * A unit vector, its sign left open; 0 where the trace is.
   *
   * @param size of T
   * @param trace of T
   * @param times the product of T with a vector, which may be kept
   */
  public static double[] of(int size, double trace, UnaryOperator<double[]> times) {
    if (trace == 0) {
      return new double[size];
    }
    List<double[]> basis = new ArrayList<>();
    List<Double> diagonal = new ArrayList<>();
    List<Double> beside = new ArrayList<>();
    double[] next = start(size);
    while (true) {
      basis.add(next);
      double[] image = times.apply(next);
      diagonal.add(PlainVectors.dot(image, next));
      double[] rest = orthogonal(image, basis);
      double length = PlainVectors.norm(rest);
      boolean last = basis.size() == size || length <= RESIDUAL * trace / size;
      if (last || basis.size() % STRIDE == 0) {
        double largest = largest(diagonal, beside);
        double[] coordinates = vector(diagonal, beside, largest);
        double residual = length * Math.abs(coordinates[coordinates.length - 1]);
        if (last || residual <= RESIDUAL * largest) {
          return combined(basis, coordinates);
        }
      }
      beside.add(length);
      next = PlainVectors.scaled(1 / length, rest);
    }
  }

  /**
   * Whether of some projections the one farthest out is negative: which way an axis points must not
   * hang on the method by which it was found.
   */
  public static boolean pointsAway(double[] along) {
    double farthest = 0;
    for (double each : along) {
      farthest = Math.abs(each) > Math.abs(farthest) ? each : farthest;
    }
    return farthest < 0;
  }

  private static double[] start(int size) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    double[] vector = new double[size];
    for (int c = 0; c < size; c++) {
      vector[c] = random.nextDouble() - 0.5;
    }
    return PlainVectors.scaled(1 / PlainVectors.norm(vector), vector);
  }

  /** What is left without the parts along a basis; taken out twice, as rounding asks for. */
  private static double[] orthogonal(double[] vector, List<double[]> basis) {
    double[] rest = vector.clone();
    for (int round = 0; round < 2; round++) {
      for (double[] axis : basis) {
        double along = PlainVectors.dot(rest, axis);
        for (int c = 0; c < rest.length; c++) {
          rest[c] -= along * axis[c];
        }
      }
    }
    return rest;
  }

  /**
   * The least upper bound of the eigenvalues of a tridiagonal matrix that rounding allows: above
   * it, and only there, all pivots of {@code λI − T} are positive.
   */
  private static double largest(List<Double> diagonal, List<Double> beside) {
    double low = Double.NEGATIVE_INFINITY;
    double high = 0;
    for (int i = 0; i < diagonal.size(); i++) {
      double before = i > 0 ? beside.get(i - 1) : 0;
      double after = i + 1 < diagonal.size() ? beside.get(i) : 0;
      low = Math.max(low, diagonal.get(i));
      high = Math.max(high, diagonal.get(i) + before + after);
    }
    high += Math.ulp(high) * diagonal.size();
    for (int i = 0; i < HALVINGS && Math.nextUp(low) < high; i++) {
      double middle = (low + high) / 2;
      if (isAbove(middle, diagonal, beside)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return high;
  }

  private static boolean isAbove(double value, List<Double> diagonal, List<Double> beside) {
    double pivot = value - diagonal.getFirst();
    for (int i = 1; i < diagonal.size() && pivot > 0; i++) {
      pivot = value - diagonal.get(i) - beside.get(i - 1) * beside.get(i - 1) / pivot;
    }
    return pivot > 0;
  }

  /** The unit eigenvector of the largest eigenvalue, by inverse iteration from just above it. */
  private static double[] vector(List<Double> diagonal, List<Double> beside, double above) {
    int size = diagonal.size();
    double[] pivots = new double[size];
    pivots[0] = above - diagonal.getFirst();
    for (int i = 1; i < size; i++) {
      pivots[i] = above - diagonal.get(i) - beside.get(i - 1) * beside.get(i - 1) / pivots[i - 1];
    }
    double[] vector = new double[size];
    Arrays.fill(vector, 1);
    for (int round = 0; round < 3; round++) {
      for (int i = 1; i < size; i++) {
        vector[i] += beside.get(i - 1) / pivots[i - 1] * vector[i - 1];
      }
      for (int i = size - 1; i >= 0; i--) {
        double after = i + 1 < size ? beside.get(i) * vector[i + 1] : 0;
        vector[i] = (vector[i] + after) / pivots[i];
      }
      double most = 0;
      for (double each : vector) {
        most = Math.max(most, Math.abs(each));
      }
      vector = PlainVectors.scaled(1 / most, vector);
      vector = PlainVectors.scaled(1 / PlainVectors.norm(vector), vector);
    }
    return vector;
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
