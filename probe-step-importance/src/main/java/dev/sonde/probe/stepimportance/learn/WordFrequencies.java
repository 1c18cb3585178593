package dev.sonde.probe.stepimportance.learn;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.TfIdf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Word one- to five-grams, weighted by {@link TfIdf}; words and their document frequencies are
 * those of the training rows.
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
    TfIdf weights = TfIdf.of(Arrays.stream(train).mapToObj(counts::get).toList(), MOST);
    return new Fold(matrix(train, weights), matrix(test, weights));
  }

  private Matrix matrix(int[] rows, TfIdf weights) {
    int columns = Math.max(1, weights.terms().size());
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, rows.length, columns);
    for (int row = 0; row < rows.length; row++) {
      TfIdf.Vector vector = weights.vector(counts.get(rows[row]));
      for (int i = 0; i < vector.columns().length; i++) {
        matrix.set(row, vector.columns()[i], vector.weights()[i]);
      }
    }
    return matrix;
  }
}
