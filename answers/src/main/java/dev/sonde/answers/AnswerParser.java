package dev.sonde.answers;

import java.util.List;
import java.util.Optional;

/** Finds the answer in a generated text. Parsers have no state; they may be shared. */
public interface AnswerParser {
  /** The names that {@link #named} knows. */
  List<String> NAMES = List.of("numeric", "math", "choice", "alias", "exact");

  /**
   * A parser by its name.
   *
   * <ul>
   *   <li>{@code numeric}: a number, boxed, behind {@code ####} or behind “the answer is”, else the
   *       last of the text
   *   <li>{@code math}: the same places, else the last formula between dollars, else the whole text
   *       where it is a formula; numbers and formulas in normal form, tuples, intervals, sets,
   *       matrices, equations, with units left away
   *   <li>{@code choice}: an option from A to J, boxed, announced, called the right one, in
   *       brackets, or alone; never a letter that is a word of a sentence
   *   <li>{@code alias}: the text's words; right where they hold an accepted one
   *   <li>{@code exact}: the whole text, but for white space
   * </ul>
   *
   * @throws IllegalArgumentException naming the known ones if there is none of that name
   */
  static AnswerParser named(String name) {
    return switch (name) {
      case "numeric" -> new NumericParser();
      case "math" -> new MathParser();
      case "choice" -> new ChoiceParser('J');
      case "alias" -> new AliasParser();
      case "exact" -> new ExactParser();
      default ->
          throw new IllegalArgumentException(
              "no answer parser '%s'; there are %s".formatted(name, String.join(", ", NAMES)));
    };
  }

  /** The answer that a generated text gives; empty where none could be read. */
  Optional<Answer> parse(String text);

  /** An answer that stands alone, such as a data set's column; empty where it cannot be read. */
  default Optional<Answer> read(String answer) {
    return parse(answer);
  }

  /** Whether a given answer says the same as an accepted one. */
  default boolean equal(Answer given, Answer accepted) {
    return given.equals(accepted);
  }

  /**
   * Holds a generated text against the accepted answers.
   *
   * @param accepted as data sets write them; one that cannot be read accepts nothing
   */
  default Outcome judge(String text, List<String> accepted) {
    return parse(text)
        .map(
            given ->
                accepted.stream()
                        .flatMap(answer -> read(answer).stream())
                        .anyMatch(answer -> equal(given, answer))
                    ? Outcome.RIGHT
                    : Outcome.WRONG)
        .orElse(Outcome.UNPARSED);
  }
}
