package dev.sonde.api.evaluate;

import dev.sonde.api.linalg.Matrix;
import java.util.Optional;

/**
 * A linear scorer.
 *
 * @param weights one per feature
 * @param bias added to every score
 */
record LinearScorer(double[] weights, double bias) implements Scorer {
  @Override
  public Optional<double[]> linearWeights() {
    return Optional.of(weights.clone());
  }

  @Override
  public double[] score(Design rows) {
    Matrix column = Matrix.zeros(Matrix.Type.FLOAT32, weights.length, 1);
    for (int c = 0; c < weights.length; c++) {
      column.set(c, 0, weights[c]);
    }
    Matrix product = rows.times(column);
    double[] scores = new double[rows.rows()];
    for (int r = 0; r < scores.length; r++) {
      scores[r] = product.get(r, 0) + bias;
    }
    return scores;
  }
}
