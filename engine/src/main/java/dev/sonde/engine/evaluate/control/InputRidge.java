package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.engine.evaluate.fit.HeldOutScores;
import dev.sonde.engine.evaluate.fit.Split;
import dev.sonde.statistics.DualRidge;
import dev.sonde.statistics.TfIdf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A ridge regression on what needs no computation of the model, on the same splits as the model's
 * activations.
 */
final class InputRidge {
  /** Penalty of the ridge, in units of the mean squared norm of the centred features. */
  private static final double PENALTY = 1;

  private final Targets targets;
  private final List<Split> splits;
  private final LinearAlgebra algebra;

  InputRidge(Targets targets, List<Split> splits, LinearAlgebra algebra) {
    this.targets = targets;
    this.splits = splits;
    this.algebra = algebra;
  }

  /** Words of the prompt, order ignored. */
  HeldOutScores bagOfWords(List<String> texts) {
    List<Map<String, Integer>> counts = texts.stream().map(TextFeatures::wordCounts).toList();
    return heldOut(split -> wordKernel(counts, split));
  }

  /** Inner products of all rows, word by word: each adds to the pairs of rows it occurs in. */
  private static Matrix wordKernel(List<Map<String, Integer>> counts, Split split) {
    TfIdf words = TfIdf.of(Arrays.stream(split.train()).mapToObj(counts::get).toList());
    List<List<Occurrence>> occurrences =
        words.terms().stream().<List<Occurrence>>map(word -> new ArrayList<>()).toList();
    for (int row = 0; row < counts.size(); row++) {
      TfIdf.Vector vector = words.vector(counts.get(row));
      for (int i = 0; i < vector.columns().length; i++) {
        occurrences.get(vector.columns()[i]).add(new Occurrence(row, vector.weights()[i]));
      }
    }
    double[][] products = new double[counts.size()][counts.size()];
    for (List<Occurrence> word : occurrences) {
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

  /** The number of characters of the prompt. */
  HeldOutScores length(List<String> texts) {
    Matrix lengths = Matrix.zeros(Matrix.Type.FLOAT32, texts.size(), 1);
    for (int row = 0; row < texts.size(); row++) {
      lengths.set(row, 0, TextFeatures.logLength(texts.get(row)));
    }
    return features(lengths);
  }

  /** Fixed features, {@code [rows, columns]} float32. */
  HeldOutScores features(Matrix features) {
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

  private HeldOutScores heldOut(KernelOfSplit kernel) {
    double[] scores = new double[targets.size()];
    Arrays.fill(scores, Double.NaN);
    for (Split split : splits) {
      double[] fold = predict(kernel.of(split), split);
      for (int i = 0; i < fold.length; i++) {
        scores[split.test()[i]] = fold[i];
      }
    }
    return new HeldOutScores(scores, splits, targets);
  }

  /** Ridge regression on the labels, from inner products of all rows: see {@link DualRidge}. */
  private double[] predict(Matrix kernel, Split split) {
    return DualRidge.predict(
        products(kernel, split.train(), split.train()),
        products(kernel, split.test(), split.train()),
        Arrays.stream(split.train()).mapToDouble(targets::value).toArray(),
        PENALTY,
        this::solve);
  }

  private double[] solve(double[][] matrix, double[] right) {
    Matrix column = Matrix.zeros(Matrix.Type.FLOAT64, right.length, 1);
    for (int row = 0; row < right.length; row++) {
      column.set(row, 0, right[row]);
    }
    return algebra.solvePositiveDefinite(Matrix.of(Matrix.Type.FLOAT64, matrix), column).column(0);
  }

  private static double[][] products(Matrix kernel, int[] rows, int[] columns) {
    double[][] products = new double[rows.length][columns.length];
    for (int i = 0; i < rows.length; i++) {
      double[] row = kernel.row(rows[i]);
      for (int j = 0; j < columns.length; j++) {
        products[i][j] = row[columns[j]];
      }
    }
    return products;
  }
}
