package dev.sonde.answers;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Mathematical notation, LaTeX or plain, brought into normal form. */
final class Notation {
  /** No number that anybody writes out has more digits or a larger exponent. */
  private static final int LONGEST = 1000;

  private static final Pattern DECIMAL =
      Pattern.compile("[-+]?(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][-+]?\\d{1,3})?");

  private static final Pattern MIXED = Pattern.compile("([-+]?)(\\d+) (\\d+)/(\\d+)");

  private static final Pattern LATEX_FRACTION =
      Pattern.compile("([-+]?)(\\d*)\\\\frac\\{([-+]?[\\d.]+)\\}\\{([-+]?[\\d.]+)\\}");

  /** A number with a unit of measurement or a noun behind it. */
  private static final Pattern WITH_UNIT =
      Pattern.compile(
          "([-+]?(?:[\\d.]+(?:/\\d+)?|\\\\frac\\{\\d+\\}\\{\\d+\\}))"
              + " ?(?:(?<= )[mgshlL]|[A-Za-z]{2,})(?:\\^\\{?\\d\\}?)?(?:[ /][A-Za-z.]+(?:\\^\\{?\\d\\}?)?)*");

  /** {@code x = 5}, {@code x \in [0, 1]}. */
  private static final Pattern NAMED =
      Pattern.compile("[A-Za-z](?:\\([A-Za-z]\\))? ?(?:=|\\\\in\\b) ?(.+)");

  private Notation() {}

  /** An answer that stands alone; empty where nothing stands there. */
  static Optional<Answer> read(String notation) {
    String plain = plain(notation);
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    Optional<Answer.Rational> number = rational(plain);
    return number.isPresent() ? Optional.of(number.get()) : Optional.of(structured(plain));
  }

  /** Without what only typesets: spacing, sizes, dollars, degrees, per cent, thousands. */
  static String plain(String notation) {
    String text =
        notation
            .replace('\u2212', '-')
            .replaceAll("\\\\(?:left|right|displaystyle|bigl?|bigr|Bigl?|Bigr)(?![A-Za-z])", "")
            .replaceAll("\\\\[dt]frac", "\\\\frac")
            .replaceAll("\\\\text\\s*\\{\\s*(?:and|or)\\s*\\}", ",")
            .replaceAll("\\\\(?:text|mathrm|mbox|textbf|mathbf)\\s*\\{([^{}]*)\\}", " $1")
            .replaceAll("\\^\\s*(?:\\\\circ|\\{\\s*\\\\circ\\s*\\})|\u00b0", "")
            .replaceAll("\\\\?[$%]|\\\\[()\\[\\]]", "")
            .replaceAll("(?<=\\d)\\\\[!,](?=\\d{3}(?!\\d))", "")
            .replaceAll("\\\\[!,;:> ]|~", " ")
            .replaceAll("\\\\(?:cdot|times)(?![A-Za-z])", "*")
            .replaceAll("\\\\frac\\s*(\\d)\\s*(\\d)", "\\\\frac{$1}{$2}")
            .replaceAll("\\\\sqrt\\s*([A-Za-z0-9])", "\\\\sqrt{$1}")
            .replaceAll("(?<=\\d),(?=\\d{3}(?!\\d))", "")
            .replaceAll("\\s+", " ")
            .replaceAll("(?<=[-+*/{(=]) | (?=[-+*/})=])", "")
            .strip();
    return text.replaceAll("(?<!\\.)[.;,]+$", "").strip();
  }

  /** A number, with a unit or a name or neither; empty where it is anything else. */
  static Optional<Answer.Rational> rational(String plain) {
    Matcher named = NAMED.matcher(plain);
    String value = named.matches() ? named.group(1) : plain;
    Matcher unit = WITH_UNIT.matcher(value);
    return bare(unit.matches() ? unit.group(1) : value);
  }

  private static Optional<Answer.Rational> bare(String value) {
    if (value.length() > LONGEST) {
      return Optional.empty();
    }
    if (DECIMAL.matcher(value).matches()) {
      return Optional.of(decimal(value));
    }
    Matcher mixed = MIXED.matcher(value);
    if (mixed.matches()) {
      return mixed(mixed);
    }
    Matcher fraction = LATEX_FRACTION.matcher(value);
    if (fraction.matches()) {
      return fraction.group(2).isEmpty()
          ? quotient(fraction.group(1) + fraction.group(3), fraction.group(4))
          : mixed(fraction);
    }
    int slash = value.indexOf('/');
    return slash < 0
        ? Optional.empty()
        : quotient(value.substring(0, slash), value.substring(slash + 1));
  }

  /** Sign, whole part, numerator, denominator. */
  private static Optional<Answer.Rational> mixed(Matcher match) {
    return quotient(match.group(3), match.group(4))
        .map(
            part -> {
              BigInteger whole = new BigInteger(match.group(2)).multiply(part.denominator());
              BigInteger sum = whole.add(part.numerator());
              return new Answer.Rational(
                  match.group(1).equals("-") ? sum.negate() : sum, part.denominator());
            });
  }

  private static Optional<Answer.Rational> quotient(String above, String below) {
    String numerator = above.replaceFirst("^([-+])[-+]", "$1");
    if (!DECIMAL.matcher(numerator).matches() || !DECIMAL.matcher(below).matches()) {
      return Optional.empty();
    }
    Answer.Rational a = decimal(numerator);
    Answer.Rational b = decimal(below);
    return b.numerator().signum() == 0
        ? Optional.empty()
        : Optional.of(
            new Answer.Rational(
                a.numerator().multiply(b.denominator()), a.denominator().multiply(b.numerator())));
  }

  private static Answer.Rational decimal(String text) {
    BigDecimal value = new BigDecimal(text);
    return value.scale() <= 0
        ? new Answer.Rational(value.toBigIntegerExact(), BigInteger.ONE)
        : new Answer.Rational(value.unscaledValue(), BigInteger.TEN.pow(value.scale()));
  }

  private static Answer structured(String plain) {
    Matcher named = NAMED.matcher(plain);
    String text = named.matches() ? named.group(1) : plain;
    List<String> union = split(text.replace("\u222a", "\\cup"), "\\cup");
    if (union.size() > 1) {
      return Answer.Group.unordered("union(", ")", parts(union));
    }
    if (text.startsWith("\\{") && text.endsWith("\\}")) {
      return Answer.Group.unordered(
          "{", "}", parts(split(text.substring(2, text.length() - 2), ",")));
    }
    if (text.matches("[(\\[].*[)\\]]") && split(text, ",").size() == 1) {
      List<String> inside = split(text.substring(1, text.length() - 1), ",");
      if (inside.size() > 1) {
        return new Answer.Group(
            text.substring(0, 1), text.substring(text.length() - 1), parts(inside));
      }
    }
    List<String> list = split(text, ",");
    return list.size() > 1
        ? Answer.Group.unordered("", "", parts(list))
        : new Answer.Formula(sum(text));
  }

  private static List<Answer> parts(List<String> texts) {
    return texts.stream().flatMap(text -> read(text).stream()).toList();
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

  /** The summands in order of their texts, without spaces; all else as it stands. */
  private static String sum(String formula) {
    String text = formula.replace(" ", "").replace("*", "");
    List<String> summands = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (depth == 0
          && i > from
          && (c == '+' || c == '-')
          && "^/_".indexOf(text.charAt(i - 1)) < 0) {
        summands.add(text.substring(from, i));
        from = i;
      }
    }
    summands.add(text.substring(from));
    return summands.stream()
        .map(
            summand -> summand.startsWith("-") || summand.startsWith("+") ? summand : "+" + summand)
        .sorted()
        .collect(Collectors.joining())
        .replaceFirst("^\\+", "");
  }
}
