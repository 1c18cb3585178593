package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.linalg.Matrix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Word one- to five-grams, weighted by {@code (1 + log count) · idf}, rows of length one; words and
 * their document frequencies are those of the training rows.
 */
public final class WordFrequencies implements Features {
  private static final int LONGEST = 5;

  /** The most frequent are kept; the paper keeps 100 000 of far more text. */
  private static final int MOST = 20_000;

  private final List<Map<String, Integer>> counts = new ArrayList<>();

  /** Features of some texts. */
  public WordFrequencies(List<String> texts) {
    texts.forEach(text -> counts.add(counts(text)));
  }

  private static Map<String, Integer> counts(String text) {
    String[] words = text.toLowerCase(Locale.ROOT).strip().split("\\s+", -1);
    Map<String, Integer> found = new HashMap<>();
    for (int from = 0; from < words.length; from++) {
      StringBuilder gram = new StringBuilder();
      for (int to = from; to < Math.min(words.length, from + LONGEST); to++) {
        gram.append(to == from ? "" : " ").append(words[to]);
        found.merge(gram.toString(), 1, Integer::sum);
      }
    }
    return found;
  }

  @Override
  public Fold of(int[] train, int[] test) {
    Map<String, Integer> documents = new HashMap<>();
    for (int row : train) {
      counts.get(row).keySet().forEach(gram -> documents.merge(gram, 1, Integer::sum));
    }
    List<Map.Entry<String, Integer>> kept =
        documents.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST)
            .toList();
    Map<String, Integer> columns = new HashMap<>();
    double[] idf = new double[kept.size()];
    for (int c = 0; c < idf.length; c++) {
      columns.put(kept.get(c).getKey(), c);
      idf[c] = Math.log((1.0 + train.length) / (1 + kept.get(c).getValue())) + 1;
    }
    return new Fold(matrix(train, columns, idf), matrix(test, columns, idf));
  }

  private Matrix matrix(int[] rows, Map<String, Integer> columns, double[] idf) {
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, rows.length, Math.max(1, idf.length));
    for (int r = 0; r < rows.length; r++) {
      int row = r;
      double[] square = {0};
      Map<Integer, Double> cells = new HashMap<>();
      counts
          .get(rows[r])
          .forEach(
              (gram, count) -> {
                Integer column = columns.get(gram);
                if (column != null) {
                  double value = (1 + Math.log(count)) * idf[column];
                  cells.put(column, value);
                }
              });
      cells.values().stream().sorted().forEach(value -> square[0] += value * value);
      double length = square[0] > 0 ? Math.sqrt(square[0]) : 1;
      cells.forEach((column, value) -> matrix.set(row, column, value / length));
    }
    return matrix;
  }
}
