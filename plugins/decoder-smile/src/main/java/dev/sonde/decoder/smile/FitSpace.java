package dev.sonde.decoder.smile;

import dev.sonde.api.evaluate.Design;
import java.util.Arrays;

/**
 * How a fit writes weights, and what is linear in them, as a vector of numbers of which the last is
 * the intercept. Sums of vectors are sums of their numbers.
 */
interface FitSpace {
  /**
   * Numbers up to which rows are copied: 16 MiB, or 32 where they are copied by columns as well.
   */
  long MOST_COPIED = 1 << 22;

  /** How many numbers a vector has. */
  int size();

  /** The inner product of the weights and of the intercepts that two vectors stand for. */
  double dot(double[] a, double[] b);

  /** Per row, its score. */
  double[] scores(double[] vector);

  /**
   * The gradient of the penalised loss.
   *
   * @param residuals the loss's derivative by the score, one per row
   */
  double[] gradient(double[] vector, double[] residuals, double lambda);

  /** The weights of the features. */
  double[] weights(double[] vector);

  /**
   * The space in which fits to some rows cost least: where rows are no more than features, their
   * inner products stand for them.
   */
  static FitSpace of(Design rows) {
    if ((long) rows.rows() * rows.columns() > MOST_COPIED) {
      return new Weights(new RowProducts.Kept(rows), rows.rows(), rows.columns());
    }
    RowProducts.Copied copied = RowProducts.Copied.of(rows);
    return rows.rows() <= rows.columns()
        ? new Multiples(copied, copied.innerProducts())
        : new Weights(copied, rows.rows(), rows.columns());
  }

  /** A vector is the weights. A step takes two products with the rows. */
  record Weights(RowProducts products, int rows, int columns) implements FitSpace {
    @Override
    public int size() {
      return columns + 1;
    }

    @Override
    public double dot(double[] a, double[] b) {
      return Vectors.dot(a, 0, b, 0, columns) + a[columns] * b[columns];
    }

    @Override
    public double[] scores(double[] vector) {
      float[] product = products.times(Vectors.floats(vector, columns));
      double[] scores = new double[rows];
      for (int row = 0; row < rows; row++) {
        scores[row] = product[row] + vector[columns];
      }
      return scores;
    }

    @Override
    public double[] gradient(double[] vector, double[] residuals, double lambda) {
      float[] product = products.transposeTimes(Vectors.floats(residuals, rows));
      double[] gradient = new double[columns + 1];
      for (int c = 0; c < columns; c++) {
        gradient[c] = product[c] + lambda * vector[c];
      }
      gradient[columns] = Vectors.sum(residuals);
      return gradient;
    }

    @Override
    public double[] weights(double[] vector) {
      return Arrays.copyOf(vector, columns);
    }
  }

  /**
   * A vector is how much of each row the weights are made of, {@code w = Xᵀa}, and behind that
   * {@code XXᵀa}, the scores. A step takes one product with the inner products of the rows.
   *
   * @param kernel the inner products, {@code [rows][rows]}
   */
  record Multiples(RowProducts products, float[][] kernel) implements FitSpace {
    @Override
    public int size() {
      return 2 * kernel.length + 1;
    }

    @Override
    public double dot(double[] a, double[] b) {
      int rows = kernel.length;
      return Vectors.dot(a, 0, b, rows, rows) + a[2 * rows] * b[2 * rows];
    }

    @Override
    public double[] scores(double[] vector) {
      int rows = kernel.length;
      double[] scores = new double[rows];
      for (int row = 0; row < rows; row++) {
        scores[row] = vector[rows + row] + vector[2 * rows];
      }
      return scores;
    }

    @Override
    public double[] gradient(double[] vector, double[] residuals, double lambda) {
      int rows = kernel.length;
      float[] product = Vectors.combined(kernel, Vectors.floats(residuals, rows), rows);
      double[] gradient = new double[2 * rows + 1];
      for (int row = 0; row < rows; row++) {
        gradient[row] = residuals[row] + lambda * vector[row];
        gradient[rows + row] = product[row] + lambda * vector[rows + row];
      }
      gradient[2 * rows] = Vectors.sum(residuals);
      return gradient;
    }

    @Override
    public double[] weights(double[] vector) {
      float[] product = products.transposeTimes(Vectors.floats(vector, kernel.length));
      double[] weights = new double[product.length];
      for (int c = 0; c < weights.length; c++) {
        weights[c] = product[c];
      }
      return weights;
    }
  }
}
