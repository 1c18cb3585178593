package dev.sonde.answers;

import java.util.regex.Pattern;

/**
 * Takes away what only typesets: spacing, sizes, dollars, degrees, per cent, thousands, emphasis.
 */
final class Typesetting {
  private static final String WORDS =
      "\\\\(?:text|textrm|textbf|textit|mathrm|mathbf|mathit|mathsf|mbox|operatorname|boldsymbol|bf|rm)";

  /** {@code *word*} and {@code _word_}, but no product and no index. */
  private static final Pattern EMPHASIS =
      Pattern.compile("(?<![\\w*\\\\])([*_])(?=\\S)([^*_\\n$\\\\]+?)(?<=\\S)\\1(?![\\w*])");

  /** Stands for LaTeX's two backslashes, between the rows of a matrix. */
  static final String LINE_END = "\uE000";

  private Typesetting() {}

  /** A generated text without emphasis, which may stand anywhere around an answer. */
  static String withoutEmphasis(String text) {
    return EMPHASIS
        .matcher(
            text.replaceAll("(?<![\\d)}])\\*\\*|\\*\\*(?![\\d({])", "")
                .replaceAll("(?<!\\w)__|__(?!\\w)", ""))
        .replaceAll("$2");
  }

  /** A formula with nothing in it but what has a meaning. */
  static String plain(String notation) {
    String text =
        notation
            .replace('\u2212', '-')
            .replace("\\\\", LINE_END)
            .replaceAll("[\u2009\u202f\u00a0]", " ")
            .replaceAll(
                "\\\\(?:left|right|displaystyle|textstyle|bigl?|bigr|Bigl?|Bigr|middle|limits|quad|qquad)(?![A-Za-z])",
                " ")
            .replaceAll("\\\\[dtc]frac", "\\\\frac")
            .replaceAll("(?:" + WORDS + "\\s*\\{\\s*)(?:and|or)\\s*\\}", ",")
            .replaceAll(
                "(?<=[\\d}!]|\\\\pi)\\s*"
                    + WORDS
                    + "\\s*\\{\\s*(?![(\\[])[A-Za-z][^{}]*\\}(?:\\s*\\^\\s*(?:\\d|\\{\\d\\}))?\\s*[.,;]?\\s*$",
                "")
            .replaceAll(WORDS + "\\s*\\{([^{}]*)\\}", " $1 ")
            .replaceAll("\\{\\s*\\\\(?:bf|rm|it|tt)\\s+([^{}]*)\\}", " $1 ")
            .replaceAll("\\^\\s*(?:\\\\circ|\\{\\s*\\\\circ\\s*\\})|\u00b0|\\\\degree", "")
            .replaceAll("\\\\?[$%]|\\\\[()\\[\\]]", "")
            .replaceAll(
                "(?<=\\d)(?:\\\\!,\\\\!|,\\\\!|\\\\[!,; ]|\\{,\\}|[ ,'](?=\\d{3}(?:[ ,']\\d{3})*(?!\\d)))(?=\\d{3}(?!\\d))",
                "")
            .replaceAll("\\\\[!,;:> ]|~", " ")
            .replace("\\varnothing", "\\emptyset")
            .replaceAll("\\s+", " ")
            .replaceFirst(
                "^\\s*(?:(?:\\\\approx|\\\\sim|\u2248|=|(?i:approximately|about|roughly|exactly|simply|just|only))\\s*)+(?=.)",
                "")
            .strip();
    return text.replaceAll("(?<!\\.)[.;,:]+$|(?<=[A-Za-z]{2})!+$", "").strip();
  }
}
