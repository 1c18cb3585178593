package dev.sonde.probe.stepimportance.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Where a chain is cut into steps. Steps lie end to end and cover the text: white space belongs to
 * the step before it.
 */
@FunctionalInterface
public interface Segmentation {
  /** Shorter pieces are joined to the one before, as the authors' code does. */
  int SHORTEST = 10;

  /** The name before a regular expression of one's own. */
  String REGEX = "regex:";

  /**
   * The offsets at which steps begin, ascending, the first 0.
   *
   * @param text not empty
   */
  List<Integer> starts(String text);

  /** The steps of a text. */
  default List<String> cut(String text) {
    List<Integer> starts = starts(text);
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < starts.size(); i++) {
      int end = i + 1 < starts.size() ? starts.get(i + 1) : text.length();
      steps.add(text.substring(starts.get(i), end));
    }
    return steps;
  }

  /**
   * A segmentation by its name: {@code sentences} (see {@link Sentences}), {@code authors} (at
   * blank lines, and behind {@code . ? !} followed by a space or line end, as the authors' code
   * does), {@code lines}, or {@code regex:} and an expression that matches what ends a step.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  static Segmentation named(String name) {
    if (name.startsWith(REGEX)) {
      try {
        return atEnds(Pattern.compile(name.substring(REGEX.length())), 1);
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException("'%s': %s".formatted(name, e.getDescription()), e);
      }
    }
    return switch (name) {
      case "sentences" -> new Sentences();
      case "authors" -> atEnds(Pattern.compile("[.?!](?=\\s)\\s+|\\n\\s*\\n\\s*"), SHORTEST);
      case "lines" -> atEnds(Pattern.compile("\\n\\s*"), 1);
      default ->
          throw new IllegalArgumentException(
              "no segmentation '%s'; there are sentences, authors, lines and regex:EXPRESSION"
                  .formatted(name));
    };
  }

  /**
   * Cuts behind every match.
   *
   * @param shortest shorter pieces, counted without white space around them, are joined to the one
   *     before
   */
  private static Segmentation atEnds(Pattern end, int shortest) {
    return text -> {
      List<Integer> starts = new ArrayList<>();
      starts.add(0);
      Matcher matcher = end.matcher(text);
      int from = 0;
      while (matcher.find()) {
        if (matcher.end() > from && matcher.end() < text.length()) {
          from = add(starts, text, from, matcher.end(), shortest);
        }
      }
      if (starts.size() > 1 && text.substring(from).strip().length() < shortest) {
        starts.removeLast();
      }
      return starts;
    };
  }

  /** The piece from {@code from} to {@code cut} is complete; gives where the next one begins. */
  private static int add(List<Integer> starts, String text, int from, int cut, int shortest) {
    boolean isShort = text.substring(from, cut).strip().length() < shortest;
    if (isShort && starts.size() > 1) {
      starts.removeLast(); // what begins at from goes on the step before
    } else if (isShort) {
      return from; // a short first piece has none before: it opens the next
    }
    starts.add(cut);
    return cut;
  }
}
