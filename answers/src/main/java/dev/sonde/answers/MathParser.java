package dev.sonde.answers;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mathematical answer: in a box, else announced, else the last formula between dollars, else the
 * text as a whole. Prose that none of these is found in is not read.
 */
record MathParser() implements AnswerParser {
  /** Where a sentence goes on behind its answer. */
  private static final Pattern PROSE =
      Pattern.compile(
          "[.!?]\\s+(?=[A-Z])|[,;.:]?\\s+(?=(?:as|because|since|so|which|where|not|for|that|when|but|if|then|is|of|to|we|it|the|at|on|by|with|from)\\b)");

  private static final Pattern OPTION =
      Pattern.compile("\\((?<option>[A-J])\\)[.:,]? (?<value>.+)");

  @Override
  public Optional<Answer> parse(String text) {
    Optional<String> box = Places.boxed(text);
    if (box.isPresent()) {
      return Notation.formula(box.get())
          .or(() -> Places.announced(Typesetting.plain(box.get())).flatMap(MathParser::begins))
          .or(() -> Notation.read(box.get()));
    }
    return Places.announced(text)
        .flatMap(MathParser::begins)
        .or(() -> Notation.formula(Typesetting.withoutEmphasis(text)))
        .or(
            () ->
                Places.formulas(text).reversed().stream()
                    .flatMap(f -> Notation.formula(f).stream())
                    .findFirst());
  }

  /**
   * The answer that a line begins with: a formula between dollars, else as many words as are one,
   * else the line's first words.
   */
  private static Optional<Answer> begins(String line) {
    List<String> formulas =
        line.strip().startsWith("$") || line.strip().startsWith("\\(")
            ? Places.formulas(line)
            : List.of();
    Optional<Answer> formula = formulas.stream().findFirst().flatMap(Notation::formula);
    return formula
        .or(() -> longest(line))
        .or(() -> Places.formulas(line).stream().findFirst().flatMap(Notation::formula))
        .or(() -> Notation.read(line.split("(?<=[a-z])[.!?](?:\\s|$)|,", 2)[0]));
  }

  /** The longest beginning, by words, that is a formula. */
  static Optional<Answer> longest(String line) {
    String rest = PROSE.split(line.strip(), 2)[0];
    while (!rest.isEmpty()) {
      Optional<Answer> formula = Notation.formula(rest);
      boolean word = rest.matches("[A-Za-z]{2,}") && !rest.equals(line.strip());
      if (formula.isPresent() && !word) {
        return formula;
      }
      rest = rest.substring(0, Math.max(0, rest.lastIndexOf(' '))).strip();
    }
    return Optional.empty();
  }

  /** Whether the answer is in per cent: {@code 5\\%} is 5 to some and 0.05 to others. */
  private static boolean isPercentage(String text) {
    return Places.boxed(text).or(() -> Places.announced(text)).orElse(text).contains("%");
  }

  private static Answer hundredth(Answer answer) {
    return answer instanceof Answer.Rational number
        ? Fractions.multiply(number, new Answer.Rational(BigInteger.ONE, BigInteger.valueOf(100)))
        : answer;
  }

  /** A box with an option and its value, {@code (D) 12}, answers with both. */
  private static List<Answer> optionWithValue(String text) {
    return Places.boxed(text)
        .map(Typesetting::plain)
        .map(OPTION::matcher)
        .filter(Matcher::matches)
        .map(
            match ->
                Stream.of(match.group("option"), match.group("value"))
                    .flatMap(part -> Notation.read(part).stream())
                    .toList())
        .orElse(List.of());
  }

  @Override
  public Optional<Answer> read(String answer) {
    return Notation.read(Places.boxed(answer).orElse(answer));
  }

  /**
   * Words that say another thing than a formula, or than the accepted words, say nothing at all.
   */
  @Override
  public Outcome judge(String text, List<String> accepted) {
    List<Answer> wanted = accepted.stream().flatMap(answer -> read(answer).stream()).toList();
    if (optionWithValue(text).stream().anyMatch(wanted::contains)) {
      return Outcome.RIGHT;
    }
    Optional<Answer> given = parse(text).or(() -> Notation.read(text).filter(wanted::contains));
    if (isPercentage(text)
        && given.map(MathParser::hundredth).filter(wanted::contains).isPresent()) {
      return Outcome.RIGHT;
    }
    if (given.isEmpty()) {
      return Outcome.UNPARSED;
    }
    if (wanted.contains(given.get())) {
      return Outcome.RIGHT;
    }
    boolean words = given.get() instanceof Answer.Phrase && Places.boxed(text).isEmpty();
    return words && wanted.stream().noneMatch(Answer.Phrase.class::isInstance)
        ? Outcome.UNPARSED
        : Outcome.WRONG;
  }
}
