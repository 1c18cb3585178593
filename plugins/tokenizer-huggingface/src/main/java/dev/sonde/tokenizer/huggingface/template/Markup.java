package dev.sonde.tokenizer.huggingface.template;

import java.util.Set;

/**
 * A text that Python takes for HTML, as {@code safe} and {@code escape} give it: texts that are
 * added to it are escaped. To everything else it is its text.
 */
record Markup(String text) {
  /** Filters that hand on what they are given. */
  private static final Set<String> KEEPING =
      Set.of(
          "string",
          "safe",
          "e",
          "escape",
          "upper",
          "lower",
          "capitalize",
          "trim",
          "center",
          "indent",
          "default",
          "d",
          "reverse");

  /** Methods that escape what they are given. */
  private static final Set<String> ESCAPING =
      Set.of("join", "replace", "format", "partition", "rpartition", "center", "ljust", "rjust");

  /** The value without its mark. */
  static Object plain(Object value) {
    return value instanceof Markup markup ? markup.text : value;
  }

  /** A text with the mark; anything else as it is. */
  static Object marked(Object value) {
    return value instanceof String text ? new Markup(text) : value;
  }

  /** What an operator makes of operands one of which is marked. */
  static Object operated(Expression.Operator operator, Object left, Object right) {
    Object a = plain(left);
    Object b = plain(right);
    return switch (operator) {
      case ADD ->
          a instanceof String && b instanceof String
              ? marked(Arithmetic.add(escaped(left), escaped(right)))
              : Arithmetic.add(a, b);
      case MULTIPLY -> marked(Arithmetic.multiply(a, b));
      case REMAINDER -> {
        if (left instanceof Markup) {
          throw TemplateException.unsupported("'%' behind 'safe' or 'escape'");
        }
        yield Arithmetic.remainder(a, b);
      }
      default -> throw Python.operands("an operator", a, b);
    };
  }

  /** What a filter makes of a value that may be marked. */
  static Object filtered(String name, Object value, Arguments arguments) {
    boolean isMarked = value instanceof Markup;
    return switch (name) {
      case "safe", "forceescape" -> marked(Filters.apply(name, plain(value), arguments));
      case "e", "escape" -> isMarked ? value : marked(Filters.apply(name, value, arguments));
      default -> {
        Object made = Filters.apply(name, plain(value), arguments);
        yield isMarked && KEEPING.contains(name) ? marked(made) : made;
      }
    };
  }

  /** A method, which gives marked texts. */
  Object attribute(String name) {
    if (!(Python.attribute(text, name) instanceof Callable method)) {
      return Python.attribute(text, name);
    }
    if (ESCAPING.contains(name)) {
      throw TemplateException.unsupported("'.%s' behind 'safe' or 'escape'".formatted(name));
    }
    return (Callable) arguments -> marked(method.call(arguments));
  }

  private static String escaped(Object value) {
    return value instanceof Markup markup ? markup.text : Filters.escaped((String) value);
  }

  @Override
  public String toString() {
    return text;
  }
}
