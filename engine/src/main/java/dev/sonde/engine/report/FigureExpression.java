package dev.sonde.engine.report;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The expressions that a figure may hold: arithmetic, comparisons and choices over fields of {@code
 * datum}, parameters of the figure and functions of numbers, texts and times.
 *
 * <p>The chart library makes a program of each expression, and its language reaches further than a
 * figure needs: objects whose methods are called in passing, the event that a mouse made, and with
 * it the page. What is not known to be harmless is refused here, before it stands in a page.
 */
final class FigureExpression {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<number>(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)"
              + "|(?<text>'(?:[^'\\\\\\n]|\\\\.)*'|\"(?:[^\"\\\\\\n]|\\\\.)*\")"
              + "|(?<name>[A-Za-z_$][A-Za-z0-9_$]*)"
              + "|(?<sign>[!=]==?|[<>]=?|&&|\\|\\||[-+*/%!?:,.()\\[\\]]))");

  private static final Set<String> CONSTANTS =
      Set.of("true", "false", "null", "undefined", "NaN", "PI", "E", "LN2", "LN10", "SQRT2");

  private static final Set<String> FUNCTIONS =
      Set.of(
          ("isArray isBoolean isDate isNumber isString isValid isNaN isFinite toBoolean toNumber toString "
                  + "if abs ceil floor round exp log pow sqrt sin cos tan asin acos atan atan2 min max clamp "
                  + "length lower upper trim truncate pad split replace substring slice indexof lastindexof join "
                  + "format timeFormat utcFormat now datetime date day year month hours minutes seconds "
                  + "time utc extent inrange span")
              .split(" "));

  private static final Set<String> NEVER = Set.of("constructor", "prototype", "__proto__");

  private FigureExpression() {}

  /**
   * Checks one expression.
   *
   * @param parameters names of the figure's own parameters
   * @throws IllegalArgumentException naming the first part that a figure must not use
   */
  static void check(String expression, Set<String> parameters) {
    Matcher token = TOKEN.matcher(expression);
    String end = expression.stripTrailing();
    String before = "";
    boolean value = false; // whether what stands before is a value
    int at = 0;
    while (at < end.length()) {
      if (!token.find(at) || token.start() != at) {
        throw refused(expression, end.substring(at));
      }
      at = token.end();
      String name = token.group("name");
      String sign = token.group("sign");
      boolean called =
          token.start() < end.length() && end.substring(at).stripLeading().startsWith("(");
      if (name != null) {
        boolean known =
            before.equals(".")
                ? !called && !NEVER.contains(name)
                : called
                    ? FUNCTIONS.contains(name)
                    : name.equals("datum") || CONSTANTS.contains(name) || parameters.contains(name);
        if (!known) {
          throw refused(expression, name);
        }
        value = !called;
      } else if (sign != null) {
        if (value && sign.equals("(")) {
          throw refused(expression, "a call of " + before);
        }
        value = sign.equals(")") || sign.equals("]");
      } else {
        String text = token.group("text");
        if (text != null && NEVER.contains(text.substring(1, text.length() - 1))) {
          throw refused(expression, text);
        }
        value = true;
      }
      before = token.group().strip();
    }
  }

  private static IllegalArgumentException refused(String expression, String part) {
    return new IllegalArgumentException(
        "the expression '%s' uses '%s'; figures may compute with fields of datum, their own parameters and functions of numbers, texts and times"
            .formatted(expression, part));
  }
}
