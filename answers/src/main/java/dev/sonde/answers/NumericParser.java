package dev.sonde.answers;

import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A number: in a box, else the first that is announced, else the last of the text; where an
 * announcement stands, the last behind it.
 */
record NumericParser() implements AnswerParser {
  /** A sign stands right before its number and behind no operand. */
  private static final String SIGN = "(?:(?<![\\w).])[-\u2212](?:\\\\?\\$)?|(?<![\\w.]))";

  private static final String DIGITS =
      "(?:(?:\\d{1,3}(?:(?:,|\\{,\\}|\\\\[,!])\\d{3})+(?!\\d)|\\d+)(?:\\.\\d+)?|\\.\\d+)";

  /** {@code × 10^3} behind a number. */
  private static final String SCALE =
      "(?:\\s*(?:\\\\times|\\\\cdot|[x\u00d7*\u00b7])\\s*10\\s*(?:\\^|\\*\\*)\\s*(?:\\{\\s*[-+]?\\d{1,3}\\s*\\}|[-+]?\\d{1,3}))?";

  private static final Pattern NUMBER =
      Pattern.compile(
          "-?\\\\[dt]?frac\\s*\\{\\s*-?\\d+\\s*\\}\\s*\\{\\s*\\d+\\s*\\}|"
              + SIGN
              + DIGITS
              + "(?:[eE][-+]?\\d{1,3}\\b|"
              + SCALE
              + ")(?:(?<!\\})/\\d+)?");

  @Override
  public Optional<Answer> parse(String text) {
    Optional<String> box = Places.boxed(text);
    if (box.isPresent()) {
      return read(box.get());
    }
    Optional<Answer> announced =
        Places.announced(text)
            .flatMap(
                line ->
                    MathParser.longest(line)
                        .filter(Answer.Rational.class::isInstance)
                        .or(() -> first(line)));
    return announced.or(
        () ->
            numbers(Places.afterAnnouncement(text).orElse(text)).stream()
                .reduce((earlier, later) -> later));
  }

  /** The first number, of a computation its value. */
  private static Optional<Answer> first(String line) {
    return numbers(line.substring(line.lastIndexOf('=') + 1)).stream()
        .findFirst()
        .or(() -> numbers(line).stream().findFirst());
  }

  /** A formula's value where it is one number, else the last number in it. */
  @Override
  public Optional<Answer> read(String answer) {
    return Notation.rational(answer)
        .<Answer>map(number -> number)
        .or(() -> numbers(answer).stream().reduce((earlier, later) -> later));
  }

  private static List<Answer> numbers(String text) {
    return NUMBER
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .flatMap(number -> Notation.rational(number.replace('x', '*')).stream())
        .<Answer>map(number -> number)
        .toList();
  }
}
