package dev.sonde.answers;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Mathematical notation, LaTeX or plain, brought into normal form. */
final class Notation {
  /** Longer texts are prose. */
  private static final int LONGEST = 2000;

  private static final Pattern MIXED = Pattern.compile("([-+]?)(\\d+) (\\d+)/(\\d+)");

  /** What stands behind a number and is no formula: units, and nouns of three letters and more. */
  private static final Pattern WITH_UNIT =
      Pattern.compile(
          "(.*[\\d}!)]) ?(?:(?<= )[mgshlLN]|(?i:cm|mm|km|dm|nm|in|ft|yd|mi|kg|mg|lb|oz|hr|ml|kw|ha|pm|am)"
              + "|(?!(?:[xyz]+|[abc]+)\\b)[A-Za-z]{3,})(?:\\^\\{?\\d\\}?)?(?:[ /][A-Za-z.]+(?:\\^\\{?\\d\\}?)?)*");

  /** {@code x = 5}, {@code f(x) = 2x}, {@code x \in [0, 1]}. */
  private static final Pattern NAMED =
      Pattern.compile(
          "(?:\\([A-Za-z](?:, ?[A-Za-z])+\\)|\\\\?[A-Za-z]+(?:_\\{?\\w+\\}?)?'?|[A-Z]{2,3})(?:\\([A-Za-z](?:, ?[A-Za-z])*\\))? ?(?:=|\\\\in\\b|\\\\approx\\b|\u2208) ?([^=<>]+)");

  private static final Pattern MATRIX =
      Pattern.compile(
          "\\\\begin\\{([pbvBV]?matrix|array)\\}(?:\\{[lcr| ]*\\})?(.*)\\\\end\\{\\1\\}");

  private static final Pattern RELATION =
      Pattern.compile("\\\\(?:leq?|geq?|neq|lt|gt)(?![A-Za-z])|<=|>=|!=|[<>=\u2264\u2265\u2260]");

  private Notation() {}

  /** An answer that stands alone; empty where nothing stands there. */
  static Optional<Answer> read(String notation) {
    String plain = Typesetting.plain(notation);
    return plain.isEmpty()
        ? Optional.empty()
        : Optional.of(formula(plain).orElseGet(() -> new Answer.Phrase(words(plain))));
  }

  /** An answer that stands alone and is no words; empty where it is, or is nothing. */
  static Optional<Answer> formula(String notation) {
    if (notation.length() > LONGEST) {
      return Optional.empty();
    }
    String plain = Typesetting.plain(notation);
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    Optional<Answer> simple = simple(plain);
    return simple.isPresent() ? simple : structured(plain);
  }

  /** A number, with a unit or a name or neither; empty where it is anything else. */
  static Optional<Answer.Rational> rational(String notation) {
    return formula(notation)
        .filter(Answer.Rational.class::isInstance)
        .map(Answer.Rational.class::cast);
  }

  private static String words(String plain) {
    String words =
        plain
            .replaceAll("[{}\\\\]", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[\\p{Z}\\s]+", " ")
            .replaceAll("^[\\p{P}\\s]+|[\\p{P}\\s]+$", "");
    return words.isEmpty() ? plain : words;
  }

  /** One formula, with a name, a unit, or neither. */
  private static Optional<Answer> simple(String plain) {
    Matcher named = NAMED.matcher(plain);
    if (named.matches()) {
      return formula(named.group(1));
    }
    Matcher mixed = MIXED.matcher(plain);
    if (mixed.matches()) {
      return mixed(mixed);
    }
    Matcher unit = WITH_UNIT.matcher(plain);
    if (unit.matches()) {
      Optional<Answer> measured = bare(unit.group(1));
      if (measured.filter(Answer.Rational.class::isInstance).isPresent()) {
        return measured;
      }
    }
    return bare(plain);
  }

  private static Optional<Answer> bare(String plain) {
    return FormulaReader.read(plain)
        .map(
            sum ->
                sum.number()
                    .<Answer>map(number -> number)
                    .orElseGet(() -> new Answer.Formula(sum.toString())));
  }

  /** Sign, whole part, numerator, denominator. */
  private static Optional<Answer> mixed(Matcher match) {
    BigInteger below = new BigInteger(match.group(4));
    if (below.signum() == 0) {
      return Optional.empty();
    }
    BigInteger above =
        new BigInteger(match.group(2)).multiply(below).add(new BigInteger(match.group(3)));
    return Optional.of(
        new Answer.Rational(match.group(1).equals("-") ? above.negate() : above, below));
  }

  private static Optional<Answer> structured(String plain) {
    Matcher named = NAMED.matcher(plain);
    String text = named.matches() ? named.group(1) : plain;
    Matcher matrix = MATRIX.matcher(text);
    if (matrix.matches()) {
      return matrix(matrix.group(2));
    }
    List<String> union = split(text.replace("\u222a", "\\cup"), "\\cup");
    if (union.size() > 1) {
      return parts(union).map(parts -> Answer.Group.unordered("union(", ")", parts));
    }
    if (text.startsWith("\\{") && text.endsWith("\\}")) {
      return parts(split(text.substring(2, text.length() - 2), ","))
          .map(parts -> Answer.Group.unordered("{", "}", parts));
    }
    if (text.matches("[(\\[].*[)\\]]") && isOneBracket(text)) {
      List<String> inside = split(text.substring(1, text.length() - 1), ",");
      if (inside.size() > 1) {
        return parts(inside)
            .map(
                parts ->
                    new Answer.Group(
                        text.substring(0, 1), text.substring(text.length() - 1), parts));
      }
    }
    List<String> list = split(text.replaceAll(" (?:and|or) ", ", ").replaceAll(", ?,", ","), ",");
    if (list.size() > 1 && haveNames(list)) {
      return named(list);
    }
    if (list.size() > 1) {
      return parts(list).map(parts -> Answer.Group.unordered("", "", parts));
    }
    int both = text.replace("\u00b1", "\\pm").indexOf("\\pm");
    if (both >= 0) {
      return plusMinus(text.replace("\u00b1", "\\pm"), both);
    }
    List<String> ratio = split(text, ":");
    if (ratio.size() > 1) {
      return parts(ratio).map(parts -> new Answer.Group("ratio(", ")", parts));
    }
    return relation(text);
  }

  /** Whether every part says which of several unknowns it is. */
  private static boolean haveNames(List<String> list) {
    return list.stream().allMatch(part -> NAMED.matcher(part.strip()).matches())
        && list.stream().map(Notation::name).distinct().count() > 1;
  }

  private static String name(String part) {
    return part.split("=|\\\\in\\b|\\\\approx\\b|\u2208", 2)[0].strip();
  }

  private static Optional<Answer> named(List<String> list) {
    return parts(list)
        .map(
            values ->
                Answer.Group.unordered(
                    "",
                    "",
                    IntStream.range(0, list.size())
                        .<Answer>mapToObj(
                            i -> new Answer.Formula(name(list.get(i)) + "=" + values.get(i)))
                        .toList()));
  }

  private static Optional<Answer> matrix(String rows) {
    List<Answer> all = new ArrayList<>();
    for (String row : rows.split(Typesetting.LINE_END, -1)) {
      if (!row.isBlank()) {
        Optional<List<Answer>> parts = parts(Arrays.asList(row.split("&", -1)));
        if (parts.isEmpty()) {
          return Optional.empty();
        }
        all.add(new Answer.Group("[", "]", parts.get()));
      }
    }
    return Optional.of(new Answer.Group("matrix(", ")", all));
  }

  private static Optional<Answer> plusMinus(String text, int at) {
    String before = text.substring(0, at);
    String after = text.substring(at + "\\pm".length());
    return parts(List.of(before + "+" + after, before + "-" + after))
        .map(parts -> Answer.Group.unordered("", "", parts));
  }

  /** An equation, an inequality, or a computation that ends in its value. */
  private static Optional<Answer> relation(String text) {
    List<String> relations = new ArrayList<>();
    List<String> sides = new ArrayList<>();
    Matcher matcher = RELATION.matcher(text);
    int from = 0;
    while (matcher.find()) {
      sides.add(text.substring(from, matcher.start()));
      relations.add(sign(matcher.group()));
      from = matcher.end();
    }
    sides.add(text.substring(from));
    if (relations.isEmpty()) {
      return Optional.empty();
    }
    Optional<List<Answer>> read = parts(sides);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    boolean equations = relations.stream().allMatch("="::equals);
    if (equations && read.get().getFirst() instanceof Answer.Rational) {
      return Optional.of(read.get().getLast());
    }
    if (equations && sides.size() == 2) {
      return equation(sides.get(0), sides.get(1));
    }
    return Optional.of(inequality(relations, read.get()));
  }

  private static String sign(String relation) {
    return switch (relation) {
      case "\\le", "\\leq", "<=", "\u2264" -> "<=";
      case "\\ge", "\\geq", ">=", "\u2265" -> ">=";
      case "\\ne", "\\neq", "!=", "\u2260" -> "!=";
      case "\\lt" -> "<";
      case "\\gt" -> ">";
      default -> relation;
    };
  }

  /** The difference of both sides with 1 as its first coefficient. */
  private static Optional<Answer> equation(String left, String right) {
    Optional<Sum> a = FormulaReader.read(left);
    Optional<Sum> b = FormulaReader.read(right);
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    Sum difference = a.get().plus(b.get().negated());
    if (difference.terms().isEmpty()) {
      return Optional.of(new Answer.Formula("0=0"));
    }
    Answer.Rational first = difference.terms().firstEntry().getValue();
    Sum monic = difference.times(Sum.of(Fractions.power(first, -1)));
    return Optional.of(new Answer.Formula("0=" + monic));
  }

  /** From the smaller side to the larger. */
  private static Answer inequality(List<String> relations, List<Answer> sides) {
    boolean falls = relations.getFirst().startsWith(">");
    List<Answer> ordered = falls ? sides.reversed() : sides;
    List<String> signs = falls ? relations.reversed() : relations;
    StringBuilder text = new StringBuilder(ordered.getFirst().toString());
    for (int i = 0; i < signs.size(); i++) {
      text.append(falls ? signs.get(i).replace('>', '<') : signs.get(i)).append(ordered.get(i + 1));
    }
    return new Answer.Formula(text.toString());
  }

  /** Whether the bracket that a text begins with is closed at its end only. */
  private static boolean isOneBracket(String text) {
    int depth = 0;
    for (int i = 0; i < text.length() - 1; i++) {
      char c = text.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (depth == 0) {
        return false;
      }
    }
    return true;
  }

  private static Optional<List<Answer>> parts(List<String> texts) {
    List<Answer> parts = new ArrayList<>();
    for (String text : texts) {
      Optional<Answer> part = formula(text);
      if (part.isEmpty()) {
        return Optional.empty();
      }
      parts.add(part.get());
    }
    return Optional.of(parts);
  }

  /** Splits where a text stands in no bracket. */
  private static List<String> split(String text, String at) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (depth == 0 && text.startsWith(at, i)) {
        parts.add(text.substring(from, i));
        i += at.length() - 1;
        from = i + 1;
      }
    }
    parts.add(text.substring(from));
    return parts;
  }
}
