package dev.sonde.probe.position.read;

import dev.sonde.api.text.Encoding;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What of a row counts in losses: all of it, or what a pattern matches, its first group where it
 * has one. A model that was trained on answers alone is asked about answers alone.
 *
 * @param pattern what is matched; empty: everything counts
 */
public record ScoredPart(Optional<Pattern> pattern) {
  /** Everything. */
  public static final ScoredPart ALL = new ScoredPart(Optional.empty());

  /**
   * What an expression matches.
   *
   * @param expression a regular expression; everything counts where it is empty
   * @throws java.util.regex.PatternSyntaxException if it is none
   */
  public static ScoredPart of(String expression) {
    return expression.isEmpty()
        ? ALL
        : new ScoredPart(Optional.of(Pattern.compile(expression, Pattern.DOTALL)));
  }

  /** Per token of a row, whether it lies within what is matched. */
  boolean[] of(String row, Encoding tokens) {
    boolean[] counted = new boolean[tokens.size()];
    if (pattern.isEmpty()) {
      Arrays.fill(counted, true);
      return counted;
    }
    Matcher found = pattern.get().matcher(row);
    while (found.find()) {
      int group = found.groupCount() > 0 ? 1 : 0;
      for (int token = 0; token < counted.length; token++) {
        boolean within =
            tokens.starts()[token] >= found.start(group)
                && tokens.ends()[token] <= found.end(group);
        counted[token] |= within && tokens.ends()[token] > tokens.starts()[token];
      }
    }
    return counted;
  }

  @Override
  public String toString() {
    return pattern.map(Pattern::pattern).orElse("");
  }
}
