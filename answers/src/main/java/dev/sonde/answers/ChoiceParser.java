package dev.sonde.answers;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An option of a multiple choice: in a box, else announced, else in brackets, else the text itself.
 *
 * @param last the last option there is; the first is A
 */
record ChoiceParser(char last) implements AnswerParser {
  @Override
  public Optional<Answer> parse(String text) {
    return Places.boxed(text)
        .flatMap(this::read)
        .or(() -> Places.announced(text).flatMap(this::read))
        .or(() -> find("\\(([A-%c])\\)".formatted(last), text))
        .or(() -> read(text));
  }

  /** A letter alone, or before a bracket, dot or colon. */
  @Override
  public Optional<Answer> read(String answer) {
    String bare = answer.replaceAll("\\\\text(?:bf)?\\s*\\{\\s*([^{}]*)\\}|\\*\\*", "$1").strip();
    return find("^\\(?([A-%c])(?:\\)|[.:,](?:\\s|$)|$)".formatted(last), bare)
        .or(() -> find("^([a-%c])$".formatted(Character.toLowerCase(last)), bare));
  }

  private static Optional<Answer> find(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .reduce((earlier, later) -> later)
        .map(match -> new Answer.Option(match.group(1).toUpperCase(Locale.ROOT).charAt(0)));
  }
}
