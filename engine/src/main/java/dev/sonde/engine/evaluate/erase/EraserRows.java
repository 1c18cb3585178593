package dev.sonde.engine.evaluate.erase;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebra.SymmetricEigen;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.PlainVectors;
import java.util.Arrays;
import java.util.Optional;

/**
 * The rows that erasures are fitted to, in float64, with what all labelings share of them: their
 * mean and the eigenvectors of the smaller of covariance and inner products.
 */
public final class EraserRows {
  /** Eigenvalues below this share of the largest are 0. */
  private static final double RANK = 1e-12;

  private final Matrix centred;
  private final double[] mean;
  private final LinearAlgebra algebra;
  private Optional<SymmetricEigen> eigen = Optional.empty();

  private EraserRows(Matrix centred, double[] mean, LinearAlgebra algebra) {
    this.centred = centred;
    this.mean = mean;
    this.algebra = algebra;
  }

  /**
   * Some rows of some features.
   *
   * @param rows which, at least one
   */
  public static EraserRows of(Matrix features, int[] rows, LinearAlgebra algebra) {
    Matrix chosen = features.select(rows).as(Matrix.Type.FLOAT64);
    double[] mean = new double[chosen.columns()];
    for (int row = 0; row < chosen.rows(); row++) {
      double[] values = chosen.row(row);
      for (int c = 0; c < mean.length; c++) {
        mean[c] += values[c] / chosen.rows();
      }
    }
    Matrix centred = Matrix.zeros(Matrix.Type.FLOAT64, chosen.rows(), mean.length);
    for (int row = 0; row < chosen.rows(); row++) {
      double[] values = chosen.row(row);
      for (int c = 0; c < mean.length; c++) {
        values[c] -= mean[c];
      }
      centred.setRow(row, values);
    }
    return new EraserRows(centred, mean, algebra);
  }

  /** The mean of the rows. */
  double[] mean() {
    return mean.clone();
  }

  /** The labels around their mean, one per row. */
  static double[] centred(Targets labels) {
    double middle = labels.mean();
    double[] values = new double[labels.size()];
    Arrays.setAll(values, row -> labels.value(row) - middle);
    return values;
  }

  /** The covariance of every feature with the labels, {@code σ = Xcᵀzc / n}. */
  double[] covarianceWith(Targets labels) {
    double[] sum = transposeTimes(centred(labels));
    Arrays.setAll(sum, c -> sum[c] / centred.rows());
    return sum;
  }

  /**
   * The vector {@code (Σ + λI)⁺ σ} of the covariance Σ of the rows and of σ with the labels.
   *
   * @param shrinkage λ as a share of the mean variance of a feature, 0 or more
   */
  double[] solved(Targets labels, double shrinkage) {
    SymmetricEigen found = eigen();
    double[] values = found.values();
    double shift = shrinkage * Arrays.stream(values).sum() / mean.length;
    double least = RANK * values[values.length - 1];
    double[] side = side(labels);
    double[] solution = new double[side.length];
    for (int k = 0; k < values.length; k++) {
      if (values[k] > least) {
        double[] axis = found.vectors().column(k);
        PlainVectors.add(solution, PlainVectors.dot(axis, side) / (values[k] + shift), axis);
      }
    }
    return ofSide(solution);
  }

  /**
   * The same by one factorisation, which is faster for one labeling.
   *
   * @param shrinkage above 0
   */
  double[] solvedOnce(Targets labels, double shrinkage) {
    Matrix shifted = products();
    double trace = 0;
    for (int i = 0; i < shifted.rows(); i++) {
      trace += shifted.get(i, i);
    }
    for (int i = 0; i < shifted.rows(); i++) {
      shifted.set(i, i, shifted.get(i, i) + shrinkage * trace / mean.length);
    }
    double[] side = side(labels);
    Matrix column = Matrix.zeros(Matrix.Type.FLOAT64, side.length, 1);
    for (int i = 0; i < side.length; i++) {
      column.set(i, 0, side[i]);
    }
    return ofSide(algebra.solvePositiveDefinite(shifted, column).column(0));
  }

  /** What stands for σ on the smaller side: {@code Σ⁺σ = Xcᵀ (XcXcᵀ/n)⁺ zc / n}. */
  private double[] side(Targets labels) {
    return isWide() ? centred(labels) : covarianceWith(labels);
  }

  private double[] ofSide(double[] solution) {
    if (!isWide()) {
      return solution;
    }
    double[] vector = transposeTimes(solution);
    Arrays.setAll(vector, c -> vector[c] / centred.rows());
    return vector;
  }

  /** The rows less their part along an axis of length 1. */
  EraserRows without(double[] axis) {
    Matrix left = Matrix.zeros(Matrix.Type.FLOAT64, centred.rows(), mean.length);
    for (int row = 0; row < centred.rows(); row++) {
      double[] values = centred.row(row);
      PlainVectors.add(values, -PlainVectors.dot(values, axis), axis);
      left.setRow(row, values);
    }
    return new EraserRows(left, mean, algebra);
  }

  private boolean isWide() {
    return centred.rows() < mean.length;
  }

  private SymmetricEigen eigen() {
    if (eigen.isEmpty()) {
      eigen = Optional.of(algebra.symmetricEigen(products()));
    }
    return eigen.get();
  }

  /** {@code XcᵀXc / n}, or where rows are fewer than features {@code XcXcᵀ / n}. */
  private Matrix products() {
    Matrix products =
        isWide() ? algebra.timesTranspose(centred, centred) : algebra.crossProducts(centred);
    Matrix scaled = Matrix.zeros(Matrix.Type.FLOAT64, products.rows(), products.columns());
    for (int i = 0; i < products.rows(); i++) {
      double[] values = products.row(i);
      Arrays.setAll(values, j -> values[j] / centred.rows());
      scaled.setRow(i, values);
    }
    return scaled;
  }

  private double[] transposeTimes(double[] coefficients) {
    double[] sum = new double[mean.length];
    for (int row = 0; row < coefficients.length; row++) {
      PlainVectors.add(sum, coefficients[row], centred.row(row));
    }
    return sum;
  }
}
