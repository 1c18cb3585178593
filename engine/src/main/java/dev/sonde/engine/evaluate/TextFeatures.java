package dev.sonde.engine.evaluate;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be known of a prompt from its text alone. */
final class TextFeatures {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+|\\p{N}|[^\\s\\p{L}\\p{N}]");

  private TextFeatures() {}

  /** The words of a text with their counts: runs of letters, single digits and signs. */
  static Map<String, Integer> wordCounts(String text) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      counts.merge(matcher.group(), 1, Integer::sum);
    }
    return counts;
  }

  /** Natural logarithm of one plus the number of characters. */
  static double logLength(String text) {
    return Math.log1p(text.length());
  }

  /** Natural logarithm of one plus the number of digits. */
  static double logDigits(String text) {
    return Math.log1p((double) text.codePoints().filter(Character::isDigit).count());
  }

  /**
   * Bags of words as vectors of unit length: word weights are {@code (1 + ln count) · ln((1 + N) /
   * (1 + documents with the word)) + 1}, the documents being the training rows; words that occur in
   * no training row do not count.
   *
   * @return per row, word to weight
   */
  static List<Map<String, Double>> tfIdf(List<Map<String, Integer>> counts, int[] train) {
    Map<String, Integer> documents = new HashMap<>();
    for (int row : train) {
      counts.get(row).keySet().forEach(word -> documents.merge(word, 1, Integer::sum));
    }
    List<Map<String, Double>> vectors = new ArrayList<>();
    for (Map<String, Integer> row : counts) {
      Map<String, Double> vector = new LinkedHashMap<>();
      row.forEach(
          (word, count) -> {
            Integer in = documents.get(word);
            if (in != null) {
              double idf = Math.log((1.0 + train.length) / (1.0 + in)) + 1;
              vector.put(word, (1 + Math.log(count)) * idf);
            }
          });
      double norm = Math.sqrt(vector.values().stream().mapToDouble(w -> w * w).sum());
      vector.replaceAll((word, weight) -> weight / norm);
      vectors.add(vector);
    }
    return vectors;
  }
}
