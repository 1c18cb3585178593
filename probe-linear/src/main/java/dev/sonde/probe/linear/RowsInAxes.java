package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Design;
import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.LinearAlgebra.Form;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.linalg.PrincipalAxes;
import java.util.List;

/**
 * Training rows in the coordinates of their principal axes, where their covariance T is diagonal
 * and each closed form is a scaling per axis. Per labeling l it knows the slope {@code δ = Σ(y−ȳ)x
 * / Σ(y−ȳ)²}: for two classes the difference of their means, for graded targets the change of the
 * mean row per unit of target.
 */
final class RowsInAxes {
  private final LinearAlgebra algebra;
  private final PrincipalAxes axes;
  private final Matrix slopes;
  private final double[] targetMeans;
  private final double[] targetVariances;

  private RowsInAxes(
      LinearAlgebra algebra,
      PrincipalAxes axes,
      Matrix slopes,
      double[] targetMeans,
      double[] targetVariances) {
    this.algebra = algebra;
    this.axes = axes;
    this.slopes = slopes;
    this.targetMeans = targetMeans;
    this.targetVariances = targetVariances;
  }

  /** The rows with all labelings; one decomposition and two products serve them together. */
  static RowsInAxes of(Design train, List<Targets> many) {
    PrincipalAxes axes = train.principalAxes();
    double[] means = new double[many.size()];
    double[] variances = new double[many.size()];
    Matrix coefficients = Matrix.zeros(Matrix.Type.FLOAT32, train.rows(), many.size());
    for (int l = 0; l < means.length; l++) {
      Targets targets = many.get(l);
      means[l] = targets.mean();
      for (int row = 0; row < train.rows(); row++) {
        double apart = targets.value(row) - means[l];
        variances[l] += apart * apart / train.rows();
      }
      for (int row = 0; row < train.rows(); row++) {
        double apart = targets.value(row) - means[l];
        coefficients.set(row, l, apart / (variances[l] * train.rows()));
      }
    }
    Matrix inFeatures = train.transposeTimes(coefficients).as(Matrix.Type.FLOAT64);
    Matrix slopes =
        axes.variances().length == 0
            ? Matrix.zeros(Matrix.Type.FLOAT64, 0, many.size())
            : train.linearAlgebra().multiply(axes.axes(), Form.TRANSPOSED, inFeatures, Form.PLAIN);
    return new RowsInAxes(train.linearAlgebra(), axes, slopes, means, variances);
  }

  int labelings() {
    return targetMeans.length;
  }

  int axes() {
    return axes.variances().length;
  }

  /** The variance of the rows along an axis: a diagonal cell of T. */
  double variance(int axis) {
    return axes.variances()[axis];
  }

  /** The sum of all variances, the trace of T. */
  double totalVariance() {
    double sum = 0;
    for (double variance : axes.variances()) {
      sum += variance;
    }
    return sum;
  }

  /** The number of features. */
  int features() {
    return axes.mean().length;
  }

  /** A coordinate of the slope δ. */
  double slope(int axis, int labeling) {
    return slopes.get(axis, labeling);
  }

  /** The mean target ȳ. */
  double targetMean(int labeling) {
    return targetMeans[labeling];
  }

  /** The variance of the targets; pq for classes with the shares p and q. */
  double targetVariance(int labeling) {
    return targetVariances[labeling];
  }

  /** A number per axis and labeling. */
  interface Coordinate {
    double of(int axis, int labeling);
  }

  /** Weight vectors given by their coordinates, as vectors of the features, one per labeling. */
  double[][] inFeatures(Coordinate coordinate) {
    double[][] vectors = new double[labelings()][features()];
    if (axes() == 0) {
      return vectors;
    }
    Matrix coordinates = Matrix.zeros(Matrix.Type.FLOAT64, axes(), labelings());
    for (int axis = 0; axis < axes(); axis++) {
      for (int l = 0; l < labelings(); l++) {
        coordinates.set(axis, l, coordinate.of(axis, l));
      }
    }
    Matrix product = algebra.multiply(axes.axes(), coordinates);
    for (int c = 0; c < features(); c++) {
      for (int l = 0; l < labelings(); l++) {
        vectors[l][c] = product.get(c, l);
      }
    }
    return vectors;
  }

  /** The score of the rows' mean under some weights. */
  double atMean(double[] weights) {
    return Directions.dot(axes.mean(), weights);
  }
}
