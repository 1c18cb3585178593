package dev.sonde.engine.evaluate.control;

import dev.sonde.statistics.RidgePath;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Texts as sparse rows of weighted terms, by the rule of {@link dev.sonde.statistics.TfIdf}: memory
 * and time are linear in the texts. Terms are numbered once, their weights are those of the
 * training rows of each split.
 */
final class TextTerms implements RivalFeatures.Products {
  private final int[][] terms;
  private final float[][] weights;
  private final int count;

  private TextTerms(int[][] terms, float[][] weights, int count) {
    this.terms = terms;
    this.weights = weights;
    this.count = count;
  }

  /**
   * Counts terms.
   *
   * @param termsOf the terms of a text with their counts
   */
  static TextTerms of(List<String> texts, Function<String, Map<String, Integer>> termsOf) {
    Map<String, Integer> numbers = new HashMap<>();
    int[][] terms = new int[texts.size()][];
    float[][] weights = new float[texts.size()][];
    for (int row = 0; row < terms.length; row++) {
      Map<Integer, Integer> counts = new HashMap<>();
      termsOf
          .apply(texts.get(row))
          .forEach(
              (term, times) -> {
                int next = numbers.size();
                counts.put(numbers.computeIfAbsent(term, t -> next), times);
              });
      terms[row] = counts.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
      weights[row] = new float[terms[row].length];
      for (int i = 0; i < terms[row].length; i++) {
        weights[row][i] = (float) (1 + Math.log(counts.getOrDefault(terms[row][i], 1)));
      }
    }
    return new TextTerms(terms, weights, numbers.size());
  }

  @Override
  public RidgePath.Rows rows(int[] rows, int[] training) {
    int[] documents = new int[count];
    for (int row : training) {
      for (int term : terms[row]) {
        documents[term]++;
      }
    }
    double[] inverse = new double[count];
    for (int term = 0; term < count; term++) {
      inverse[term] =
          documents[term] == 0
              ? 0
              : Math.log((1.0 + training.length) / (1.0 + documents[term])) + 1;
    }
    double[] lengths = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      double squares = 0;
      for (int t = 0; t < terms[rows[i]].length; t++) {
        double weight = weights[rows[i]][t] * inverse[terms[rows[i]][t]];
        squares += weight * weight;
      }
      lengths[i] = squares > 0 ? Math.sqrt(squares) : 1;
    }
    return new Weighted(rows, inverse, lengths);
  }

  /** Some rows, weighted and of length 1. */
  private final class Weighted implements RidgePath.Rows {
    private final int[] rows;
    private final double[] inverse;
    private final double[] lengths;

    Weighted(int[] rows, double[] inverse, double[] lengths) {
      this.rows = rows;
      this.inverse = inverse;
      this.lengths = lengths;
    }

    @Override
    public int rows() {
      return rows.length;
    }

    @Override
    public int columns() {
      return count;
    }

    @Override
    public double[] times(double[] vector) {
      double[] products = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        int[] own = terms[rows[i]];
        float[] counted = weights[rows[i]];
        double sum = 0;
        for (int t = 0; t < own.length; t++) {
          sum += counted[t] * inverse[own[t]] * vector[own[t]];
        }
        products[i] = sum / lengths[i];
      }
      return products;
    }

    @Override
    public double[] transposeTimes(double[] coefficients) {
      double[] sums = new double[count];
      for (int i = 0; i < rows.length; i++) {
        int[] own = terms[rows[i]];
        float[] counted = weights[rows[i]];
        double coefficient = coefficients[i] / lengths[i];
        for (int t = 0; t < own.length; t++) {
          sums[own[t]] += coefficient * counted[t] * inverse[own[t]];
        }
      }
      return sums;
    }

    @Override
    public double[] squares() {
      double[] ones = new double[rows.length];
      Arrays.setAll(ones, i -> terms[rows[i]].length == 0 ? 0 : 1);
      return ones;
    }
  }
}
