package dev.sonde.tokenizer.huggingface.template;

import java.util.List;
import java.util.Map;

/** JSON as Python's {@code json.dumps} writes it. */
final class PythonJson {
  private final StringBuilder out = new StringBuilder();
  private final String indent;
  private final String itemSeparator;
  private final String keySeparator;
  private final boolean asciiOnly;
  private final boolean sorted;

  private PythonJson(
      String indent, String itemSeparator, String keySeparator, boolean asciiOnly, boolean sorted) {
    this.indent = indent;
    this.itemSeparator = itemSeparator;
    this.keySeparator = keySeparator;
    this.asciiOnly = asciiOnly;
    this.sorted = sorted;
  }

  /** The filter {@code tojson} as transformers defines it. */
  static String dump(Object value, Arguments arguments) {
    arguments.only("ensure_ascii", "indent", "separators", "sort_keys");
    Object indent = arguments.find(1, "indent").orElse(None.NONE);
    String step =
        switch (indent) {
          case None none -> "";
          case String text -> "\n" + text;
          default -> "\n" + Filters.spaces(Python.integer(indent));
        };
    String items = step.isEmpty() ? ", " : ",";
    String keys = ": ";
    if (arguments.find(2, "separators").orElse(None.NONE) instanceof List<?> given) {
      items = PrintedText.of(given.get(0));
      keys = PrintedText.of(given.get(1));
    }
    PythonJson json =
        new PythonJson(
            step,
            items,
            keys,
            arguments.truth(0, "ensure_ascii", false),
            arguments.truth(3, "sort_keys", false));
    json.write(value, "\n");
    return json.out.toString();
  }

  /**
   * Writes a value.
   *
   * @param line a line break with the indentation of the value's own line
   */
  private void write(Object value, String line) {
    switch (value) {
      case String text -> write(text);
      case None none -> out.append("null");
      case Boolean truth -> out.append(truth.booleanValue());
      case Double number -> out.append(number(number));
      case Number number -> out.append(number);
      case List<?> list when !(list instanceof Range) -> write(list, line);
      case Map<?, ?> map -> write(map, line);
      default -> throw new TemplateException(Python.type(value) + " cannot be written as JSON");
    }
    Python.bounded(out.length(), () -> out);
  }

  private static String number(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    return Double.isInfinite(number)
        ? (number > 0 ? "Infinity" : "-Infinity")
        : PrintedText.number(number);
  }

  private void write(List<?> list, String line) {
    out.append('[');
    String separator = "";
    for (Object item : list) {
      out.append(separator);
      breakLine(line);
      write(item, deeper(line));
      separator = itemSeparator;
    }
    close(list.isEmpty(), line, ']');
  }

  private void write(Map<?, ?> map, String line) {
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : sorted ? Sequences.sortedByKey(map) : map.entrySet()) {
      out.append(separator);
      breakLine(line);
      write(key(entry.getKey()));
      out.append(keySeparator);
      write(entry.getValue(), deeper(line));
      separator = itemSeparator;
    }
    close(map.isEmpty(), line, '}');
  }

  private static String key(Object key) {
    return switch (key) {
      case String text -> text;
      case None none -> "null";
      case Boolean truth -> truth.toString();
      case Number number -> PrintedText.of(number);
      default -> throw new TemplateException("a key cannot be written as JSON");
    };
  }

  private void breakLine(String line) {
    if (!indent.isEmpty()) {
      out.append(deeper(line));
    }
  }

  private String deeper(String line) {
    return indent.isEmpty() ? line : line + indent.substring(1);
  }

  private void close(boolean empty, String line, char bracket) {
    if (!empty && !indent.isEmpty()) {
      out.append(line);
    }
    out.append(bracket);
  }

  private void write(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ' || (asciiOnly && c > '~')) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
