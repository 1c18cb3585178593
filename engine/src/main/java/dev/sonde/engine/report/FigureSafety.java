package dev.sonde.engine.report;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a figure's specification may hold: Vega-Lite that draws its own data. Figures come from
 * plugins and from run folders of other people, and a report shows them to readers who trust it.
 */
final class FigureSafety {
  private static final Pattern SCHEMA =
      Pattern.compile("https://vega\\.github\\.io/schema/vega-lite/v[0-9.]+\\.json");

  /** Under these keys a text, or texts joined by and, or, not, are expressions. */
  private static final Set<String> EXPRESSIONS =
      Set.of("expr", "calculate", "filter", "test", "labelExpr", "and", "or", "not");

  /** These belong to Vega, or let a text name a function of the page. */
  private static final Set<String> REFUSED =
      Set.of("signal", "signals", "customFormatTypes", "loader", "patch");

  private static final Set<String> FORMAT_TYPES = Set.of("number", "time", "utc");

  private FigureSafety() {}

  /**
   * Checks a specification and takes out what is meant for other viewers.
   *
   * @throws IllegalArgumentException saying what a figure must not hold
   */
  static void check(Map<String, Object> specification) {
    Object schema = specification.get("$schema");
    if (schema != null && !(schema instanceof String s && SCHEMA.matcher(s).matches())) {
      throw new IllegalArgumentException("its $schema is '%s', not Vega-Lite".formatted(schema));
    }
    specification.remove("usermeta");
    Set<String> parameters = new HashSet<>();
    parameters(specification, parameters);
    check("", specification, parameters);
  }

  private static void parameters(@Nullable Object part, Set<String> into) {
    if (part instanceof Map<?, ?> map) {
      if (map.get("params") instanceof List<?> params) {
        for (Object param : params) {
          if (param instanceof Map<?, ?> p && p.get("name") instanceof String name) {
            into.add(name);
          }
        }
      }
      map.forEach(
          (key, value) -> {
            if (!isData(key, value)) {
              parameters(value, into);
            }
          });
    } else if (part instanceof List<?> list) {
      list.forEach(p -> parameters(p, into));
    }
  }

  private static void check(String key, @Nullable Object part, Set<String> parameters) {
    switch (part) {
      case Map<?, ?> map ->
          map.forEach(
              (inner, value) -> {
                String name = String.valueOf(inner);
                if (REFUSED.contains(name)) {
                  throw new IllegalArgumentException(
                      "'%s' is no part of Vega-Lite figures here".formatted(name));
                }
                if (!isData(name, value)) {
                  check(name, value, parameters);
                }
              });
      case List<?> list -> list.forEach(p -> check(key, p, parameters));
      case String text -> checkText(key, text, parameters);
      case null, default -> {} // numbers and truth values do nothing
    }
  }

  private static void checkText(String key, String text, Set<String> parameters) {
    if (EXPRESSIONS.contains(key)) {
      FigureExpression.check(text, parameters);
    } else if ((key.equals("on") || key.equals("clear")) && text.contains("[")) {
      throw new IllegalArgumentException(
          "the event '%s' has a condition; a figure's events have none".formatted(text));
    } else if (key.equals("formatType") && !FORMAT_TYPES.contains(text)) {
      throw new IllegalArgumentException(
          "the format type '%s' is none of %s".formatted(text, FORMAT_TYPES));
    }
  }

  /** Whether a key holds rows, whose columns may have any name. */
  private static boolean isData(Object key, @Nullable Object value) {
    return key.equals("datasets") || (key.equals("values") && value instanceof List);
  }
}
