package dev.sonde.engine.evaluate.control;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What can be known of a prompt from its text alone. */
final class TextFeatures {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}]+|\\p{N}|[^\\s\\p{L}\\p{N}]");

  private static final int RUN = 3;

  private TextFeatures() {}

  /** The words of a text: runs of letters, single digits and signs. */
  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  /** Words, and pairs of words that follow each other, with their counts. */
  static Map<String, Integer> wordsAndPairs(String text) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<String> words = words(text);
    for (int i = 0; i < words.size(); i++) {
      counts.merge(words.get(i), 1, Integer::sum);
      if (i > 0) {
        counts.merge(words.get(i - 1) + " " + words.get(i), 1, Integer::sum);
      }
    }
    return counts;
  }

  /** Runs of three characters with their counts. */
  static Map<String, Integer> characters(String text) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    String lower = " " + text.toLowerCase(Locale.ROOT) + " ";
    for (int i = 0; i + RUN <= lower.length(); i++) {
      counts.merge(lower.substring(i, i + RUN), 1, Integer::sum);
    }
    return counts;
  }

  /** The first word, if there is one. */
  static Map<String, Integer> firstWord(String text) {
    return words(text).stream().limit(1).collect(Collectors.toMap(word -> word, word -> 1));
  }

  /** The last word, if there is one. */
  static Map<String, Integer> lastWord(String text) {
    List<String> words = words(text);
    return words.isEmpty() ? Map.of() : Map.of(words.getLast(), 1);
  }

  /** Natural logarithm of one plus the number of characters. */
  static double logLength(String text) {
    return Math.log1p(text.length());
  }

  /** Natural logarithm of one plus the number of digits. */
  static double logDigits(String text) {
    return Math.log1p((double) text.codePoints().filter(Character::isDigit).count());
  }
}
