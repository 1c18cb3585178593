package dev.sonde.engine.evaluate.control;

import java.util.LinkedHashMap;
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
}
