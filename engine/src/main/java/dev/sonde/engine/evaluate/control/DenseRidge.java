package dev.sonde.engine.evaluate.control;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.PlainVectors;
import java.util.Arrays;

/**
 * Ridge regression on dense features that are fewer than the rows, by their normal equations: one
 * matrix of features by features serves all penalties, and rows are looked at some thousands at a
 * time. The same predictions as {@link dev.sonde.statistics.RidgePath} gives in the limit.
 */
final class DenseRidge {
  private static final int CHUNK = 8192;

  /** Rows that differ by less than this share of their squared length are all alike. */
  private static final double ALIKE = 1e-12;

  private final Matrix features;
  private final LinearAlgebra algebra;

  /** Of all rows, float32 or float64. */
  DenseRidge(Matrix features, LinearAlgebra algebra) {
    this.features = features;
    this.algebra = algebra;
  }

  /** Whether so many rows are to be fitted this way. */
  boolean suits(int rows) {
    return rows >= features.columns();
  }

  /**
   * Predictions for test rows.
   *
   * @param targets one per training row
   * @param penalties in units of the mean squared length of centred training rows, above 0
   * @return {@code [penalties][test rows]}; the targets' mean for all where training rows are all
   *     alike
   */
  double[][] predict(int[] train, int[] test, double[] targets, double... penalties) {
    int width = features.columns();
    double[] mean = mean(train);
    double targetMean = Arrays.stream(targets).average().orElse(0);
    double[][] products = new double[width][width];
    Matrix right = Matrix.zeros(Matrix.Type.FLOAT64, width, 1);
    for (int from = 0; from < train.length; from += CHUNK) {
      int to = Math.min(from + CHUNK, train.length);
      Matrix centred = centred(Arrays.copyOfRange(train, from, to), mean);
      add(algebra.crossProducts(centred), products);
      Matrix apart = Matrix.zeros(Matrix.Type.FLOAT64, to - from, 1);
      for (int i = from; i < to; i++) {
        apart.set(i - from, 0, targets[i] - targetMean);
      }
      Matrix some = algebra.transposeTimes(centred, apart);
      for (int c = 0; c < width; c++) {
        right.set(c, 0, right.get(c, 0) + some.get(c, 0));
      }
    }
    double[][] predictions = new double[penalties.length][test.length];
    for (double[] each : predictions) {
      Arrays.fill(each, targetMean);
    }
    double unit = unit(products, mean, train.length);
    if (unit == 0) {
      return predictions;
    }
    for (int p = 0; p < penalties.length; p++) {
      double[] weights = solved(products, penalties[p] * unit, right);
      double atMean = PlainVectors.dot(weights, mean);
      for (int i = 0; i < test.length; i++) {
        predictions[p][i] += PlainVectors.dot(weights, features.row(test[i])) - atMean;
      }
    }
    return predictions;
  }

  private double[] mean(int[] rows) {
    double[] mean = new double[features.columns()];
    for (int row : rows) {
      double[] values = features.row(row);
      for (int c = 0; c < mean.length; c++) {
        mean[c] += values[c] / rows.length;
      }
    }
    return mean;
  }

  private Matrix centred(int[] rows, double[] mean) {
    Matrix centred = Matrix.zeros(Matrix.Type.FLOAT64, rows.length, mean.length);
    for (int i = 0; i < rows.length; i++) {
      double[] values = features.row(rows[i]);
      for (int c = 0; c < values.length; c++) {
        values[c] -= mean[c];
      }
      centred.setRow(i, values);
    }
    return centred;
  }

  private static void add(Matrix some, double[][] sum) {
    for (int i = 0; i < sum.length; i++) {
      double[] values = some.row(i);
      for (int j = 0; j < values.length; j++) {
        sum[i][j] += values[j];
      }
    }
  }

  /** The mean squared length of centred rows; 0 where that is rounding. */
  private static double unit(double[][] products, double[] mean, int rows) {
    double squares = 0;
    for (int c = 0; c < products.length; c++) {
      squares += products[c][c] / rows;
    }
    return squares <= ALIKE * (squares + PlainVectors.dot(mean, mean)) ? 0 : squares;
  }

  private double[] solved(double[][] products, double shift, Matrix right) {
    Matrix shifted = Matrix.of(Matrix.Type.FLOAT64, products);
    for (int c = 0; c < products.length; c++) {
      shifted.set(c, c, products[c][c] + shift);
    }
    return algebra.solvePositiveDefinite(shifted, right).column(0);
  }
}
