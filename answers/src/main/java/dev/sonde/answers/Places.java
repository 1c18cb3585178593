package dev.sonde.answers;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Where texts put their answer. */
final class Places {
  private static final Pattern BOX = Pattern.compile("\\\\(?:boxed|fbox)\\s*\\{");

  /** The mark before the answer in GSM8K. */
  private static final Pattern MARK = Pattern.compile("####\\s*(?<answer>[^\\n]+)");

  /** Words that announce an answer, on the line before it or on its own. */
  private static final Pattern CUE =
      Pattern.compile(
          "(?:\\b(?:answer|result|solution)(?:\\s+(?:is|are|was|equals|would be|must be|should be)\\b|\\s*[:=\u2192\u2013\u2014]|\\s+-(?=\\s)|\\s*\\n)|\u7b54\u6848(?:\u662f|\u4e3a)?\uff1a?)"
              + "(?:\\s+therefore\\b)?\\s*[:=]?\\s*(?<answer>[^\\n]+)",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern FORMULA =
      Pattern.compile(
          "\\$\\$(.+?)\\$\\$|(?<!\\\\)\\$(?=\\S)([^$\\n]+?)(?<=\\S)\\$(?!\\d)|\\\\\\((.+?)\\\\\\)|\\\\\\[(.+?)\\\\\\]",
          Pattern.DOTALL);

  private Places() {}

  /** What stands in the last box that is closed and holds something. */
  static Optional<String> boxed(String text) {
    return BOX.matcher(text)
        .results()
        .flatMap(box -> closed(text, box.end()).stream())
        .filter(inside -> !inside.isBlank())
        .reduce((earlier, later) -> later);
  }

  private static Optional<String> closed(String text, int from) {
    OptionalInt end = Brackets.closes(text, from, '}');
    return end.isPresent() ? Optional.of(text.substring(from, end.getAsInt())) : Optional.empty();
  }

  /** The rest of the line behind the last {@code ####}, else behind the last “answer is”. */
  static Optional<String> announced(String text) {
    String plain = Typesetting.withoutEmphasis(text);
    return last(MARK, plain).or(() -> last(CUE, plain));
  }

  /** All that follows the last announcement, its line and those below. */
  static Optional<String> afterAnnouncement(String text) {
    String plain = Typesetting.withoutEmphasis(text);
    return Stream.of(MARK, CUE)
        .flatMap(pattern -> pattern.matcher(plain).results().reduce((a, b) -> b).stream())
        .findFirst()
        .map(match -> plain.substring(match.start("answer")));
  }

  private static Optional<String> last(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .reduce((earlier, later) -> later)
        .map((MatchResult match) -> match.group("answer"));
  }

  /** What stands between dollars or their like, in order. */
  static List<String> formulas(String text) {
    return FORMULA
        .matcher(text)
        .results()
        .map(
            match ->
                IntStream.rangeClosed(1, 4)
                    .mapToObj(match::group)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow())
        .toList();
  }
}
