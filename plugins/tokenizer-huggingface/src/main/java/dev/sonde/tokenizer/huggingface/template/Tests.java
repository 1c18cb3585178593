package dev.sonde.tokenizer.huggingface.template;

import java.util.List;
import java.util.Map;

/** The tests of Jinja2: what may stand behind {@code is}. */
final class Tests {
  private Tests() {}

  static boolean holds(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "defined" -> !(value instanceof Undefined);
      case "undefined" -> value instanceof Undefined;
      case "none" -> value == None.NONE;
      case "boolean" -> value instanceof Boolean;
      case "true" -> value.equals(true);
      case "false" -> value.equals(false);
      case "string" -> value instanceof String;
      case "mapping" -> value instanceof Map<?, ?>;
      case "sequence" -> isSequence(value);
      case "iterable" -> isSequence(value) || value instanceof View || value instanceof Lazy;
      case "callable" -> value instanceof Callable;
      case "number" -> Python.isNumber(value);
      case "integer" -> Python.isWhole(value) && !(value instanceof Boolean);
      case "float" -> value instanceof Double;
      case "odd" -> Python.equal(Arithmetic.remainder(value, 2L), 1L);
      case "even" -> Python.equal(Arithmetic.remainder(value, 2L), 0L);
      case "divisibleby" -> Python.equal(Arithmetic.remainder(value, arguments.get(0, "num")), 0L);
      case "upper" -> Strings.isUpper(PrintedText.printed(value));
      case "lower" -> Strings.isLower(PrintedText.printed(value));
      case "eq", "equalto", "==" -> Python.equal(value, arguments.get(0, "other"));
      case "ne", "!=" -> !Python.equal(value, arguments.get(0, "other"));
      case "lt", "lessthan", "<" -> Python.compare(value, arguments.get(0, "other")) < 0;
      case "le", "<=" -> Python.compare(value, arguments.get(0, "other")) <= 0;
      case "gt", "greaterthan", ">" -> Python.compare(value, arguments.get(0, "other")) > 0;
      case "ge", ">=" -> Python.compare(value, arguments.get(0, "other")) >= 0;
      case "in" -> Python.contains(arguments.get(0, "seq"), value);
      case "sameas" -> same(value, arguments.get(0, "other"));
      default -> throw TemplateException.unsupported("the test '%s'".formatted(name));
    };
  }

  /** What has a length and items; undefined values have them as well. */
  private static boolean isSequence(Object value) {
    return value instanceof String
        || value instanceof List<?>
        || value instanceof Map<?, ?>
        || value instanceof Undefined;
  }

  /** Identity, as far as it means the same here as in Python. */
  private static boolean same(Object value, Object other) {
    if (value instanceof Boolean || value == None.NONE) {
      return value.equals(other);
    }
    throw TemplateException.unsupported("'sameas' on " + Python.type(value));
  }
}
