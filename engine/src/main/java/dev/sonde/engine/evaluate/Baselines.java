package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * What is decoded without the model's computation, on the same splits as the model's activations.
 */
final class Baselines {
  /** Penalty of the ridge, in units of the mean squared norm of the centred features. */
  private static final double PENALTY = 1;

  private final Targets targets;
  private final List<Split> splits;
  private final LinearAlgebra algebra;

  Baselines(Targets targets, List<Split> splits, LinearAlgebra algebra) {
    this.targets = targets;
    this.splits = splits;
    this.algebra = algebra;
  }

  /** Words of the prompt, order ignored. */
  HeldOut bagOfWords(List<String> texts) {
    List<Map<String, Integer>> counts = texts.stream().map(TextFeatures::wordCounts).toList();
    return heldOut(split -> wordKernel(TextFeatures.tfIdf(counts, split.train())));
  }

  private static Matrix wordKernel(List<Map<String, Double>> vectors) {
    Matrix kernel = Matrix.zeros(Matrix.Type.FLOAT64, vectors.size(), vectors.size());
    for (int i = 0; i < vectors.size(); i++) {
      for (int j = 0; j <= i; j++) {
        double product = TextFeatures.dot(vectors.get(i), vectors.get(j));
        kernel.set(i, j, product);
        kernel.set(j, i, product);
      }
    }
    return kernel;
  }

  /** The number of characters of the prompt. */
  HeldOut length(List<String> texts) {
    Matrix lengths = Matrix.zeros(Matrix.Type.FLOAT32, texts.size(), 1);
    for (int row = 0; row < texts.size(); row++) {
      lengths.set(row, 0, TextFeatures.logLength(texts.get(row)));
    }
    return features(lengths);
  }

  /** Fixed features, {@code [rows, columns]} float32. */
  HeldOut features(Matrix features) {
    Matrix kernel = kernel(features);
    return heldOut(split -> kernel);
  }

  /** Inner products of rows shifted by the first one: exactly zero where all rows are alike. */
  private Matrix kernel(Matrix features) {
    Matrix shifted = Matrix.zeros(Matrix.Type.FLOAT64, features.rows(), features.columns());
    for (int row = 0; row < features.rows(); row++) {
      for (int c = 0; c < features.columns(); c++) {
        shifted.set(row, c, features.get(row, c) - features.get(0, c));
      }
    }
    return algebra.multiply(
        shifted, LinearAlgebra.Form.PLAIN, shifted, LinearAlgebra.Form.TRANSPOSED);
  }

  private interface KernelOfSplit {
    Matrix of(Split split);
  }

  private HeldOut heldOut(KernelOfSplit kernel) {
    double[] scores = new double[targets.size()];
    Arrays.fill(scores, Double.NaN);
    for (Split split : splits) {
      double[] fold = KernelRidge.scores(kernel.of(split), split, targets, PENALTY, algebra);
      for (int i = 0; i < fold.length; i++) {
        scores[split.test()[i]] = fold[i];
      }
    }
    return new HeldOut(scores, splits, targets);
  }
}
