package dev.sonde.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Bags of terms as vectors of length 1: a term weighs {@code (1 + ln count) · (ln((1 + N) / (1 +
 * n)) + 1)}, where n of the N training documents hold it. Terms that no training document holds do
 * not count.
 */
public final class TfIdf {
  private final List<String> terms;
  private final Map<String, Integer> columns = new HashMap<>();
  private final double[] inverseFrequencies;

  private TfIdf(List<String> terms, double[] inverseFrequencies) {
    this.terms = terms;
    this.inverseFrequencies = inverseFrequencies;
    for (int column = 0; column < terms.size(); column++) {
      columns.put(terms.get(column), column);
    }
  }

  /** Weights of all terms of the training documents, each a map from term to count. */
  public static TfIdf of(List<Map<String, Integer>> training) {
    return of(training, Integer.MAX_VALUE);
  }

  /**
   * Weights of the most frequent terms.
   *
   * @param most how many; of terms in equally many documents those that come first in order
   */
  public static TfIdf of(List<Map<String, Integer>> training, int most) {
    Map<String, Integer> documents = new HashMap<>();
    for (Map<String, Integer> document : training) {
      document.keySet().forEach(term -> documents.merge(term, 1, Integer::sum));
    }
    List<Map.Entry<String, Integer>> kept =
        documents.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(most)
            .toList();
    List<String> terms = new ArrayList<>();
    double[] inverseFrequencies = new double[kept.size()];
    for (Map.Entry<String, Integer> term : kept) {
      inverseFrequencies[terms.size()] =
          Math.log((1.0 + training.size()) / (1.0 + term.getValue())) + 1;
      terms.add(term.getKey());
    }
    return new TfIdf(List.copyOf(terms), inverseFrequencies);
  }

  /** The terms, the one of each column, the most frequent first. */
  public List<String> terms() {
    return terms;
  }

  /**
   * What of a vector is not 0.
   *
   * @param columns ascending
   * @param weights one per column; their squares sum to 1, or there are none
   */
  public record Vector(int[] columns, double[] weights) {}

  /**
   * The vector of a document. Documents with equal counts get equal vectors, to the bit.
   *
   * @param counts how often it holds each term
   */
  public Vector vector(Map<String, Integer> counts) {
    int[] found =
        counts.keySet().stream()
            .map(term -> columns.getOrDefault(term, -1))
            .filter(column -> column >= 0)
            .mapToInt(Integer::intValue)
            .sorted()
            .toArray();
    double[] weights = new double[found.length];
    double squares = 0;
    for (int i = 0; i < found.length; i++) {
      int count = counts.getOrDefault(terms.get(found[i]), 1);
      weights[i] = (1 + Math.log(count)) * inverseFrequencies[found[i]];
      squares += weights[i] * weights[i];
    }
    double length = Math.sqrt(squares);
    Arrays.setAll(weights, i -> weights[i] / length);
    return new Vector(found, weights);
  }
}
