package dev.sonde.engine.evaluate;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
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

  /** Inner products of all rows, word by word: each adds to the pairs of rows it occurs in. */
  private static Matrix wordKernel(List<Map<String, Double>> vectors) {
    double[][] products = new double[vectors.size()][vectors.size()];
    for (List<Occurrence> word : occurrences(vectors)) {
      for (Occurrence a : word) {
        double[] ofA = products[a.row()];
        for (Occurrence b : word) {
          ofA[b.row()] += a.weight() * b.weight();
        }
      }
    }
    return Matrix.of(Matrix.Type.FLOAT64, products);
  }

  /** A word in a row. */
  private record Occurrence(int row, double weight) {}

  /** Per word the rows it occurs in. */
  private static Collection<List<Occurrence>> occurrences(List<Map<String, Double>> vectors) {
    Map<String, List<Occurrence>> words = new LinkedHashMap<>();
    for (int row = 0; row < vectors.size(); row++) {
      for (Map.Entry<String, Double> word : vectors.get(row).entrySet()) {
        words
            .computeIfAbsent(word.getKey(), w -> new ArrayList<>())
            .add(new Occurrence(row, word.getValue()));
      }
    }
    return words.values();
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
