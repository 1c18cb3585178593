package dev.sonde.probe.stepimportance.rollouts;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** How alike two texts are by their words: the cosine of the counts. */
final class WordSimilarity {
  private static final Pattern WORD = Pattern.compile("[\\p{L}]+|\\p{N}+|[^\\s\\p{L}\\p{N}]");

  private WordSimilarity() {}

  /** From 0, no word in common, to 1; 0 where one has none. */
  static double of(String a, String b) {
    Map<String, Integer> left = counts(a);
    Map<String, Integer> right = counts(b);
    double product =
        left.entrySet().stream()
            .mapToDouble(each -> each.getValue() * right.getOrDefault(each.getKey(), 0))
            .sum();
    double lengths = length(left) * length(right);
    return lengths == 0 ? 0 : product / lengths;
  }

  private static Map<String, Integer> counts(String text) {
    Map<String, Integer> counts = new HashMap<>();
    WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .forEach(word -> counts.merge(word.group(), 1, Integer::sum));
    return counts;
  }

  private static double length(Map<String, Integer> counts) {
    return Math.sqrt(counts.values().stream().mapToDouble(n -> (double) n * n).sum());
  }
}
