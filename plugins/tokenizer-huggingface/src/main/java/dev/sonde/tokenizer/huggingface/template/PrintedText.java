package dev.sonde.tokenizer.huggingface.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How Python writes its values. */
final class PrintedText {
  private static final int SMALLEST_EXPONENT = -4;
  private static final int LARGEST_EXPONENT = 16;

  private PrintedText() {}

  /** {@code str(value)}. */
  static String of(Object value) {
    return value instanceof String text ? text : representation(value);
  }

  /** {@code repr(value)}. */
  static String representation(Object value) {
    return switch (value) {
      case String text -> quoted(text);
      case Boolean truth -> truth ? "True" : "False";
      case Double number -> number(number);
      case Range range -> range.toString();
      case Tuple tuple ->
          tuple.size() == 1
              ? "(" + representation(tuple.getFirst()) + ",)"
              : items(tuple, "(", ")");
      case List<?> list -> items(list, "[", "]");
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> representation(e.getKey()) + ": " + representation(e.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case Undefined undefined -> "Undefined";
      case View view -> view.name() + "(" + items(view.items(), "[", "]") + ")";
      case Lazy lazy -> throw TemplateException.unsupported("printing a generator");
      case Namespace namespace -> throw TemplateException.unsupported("printing a namespace");
      case Callable callable -> throw TemplateException.unsupported("printing a function");
      default -> value.toString();
    };
  }

  /** What {@code {{ value }}} prints. */
  static String printed(Object value) {
    return value instanceof Undefined ? "" : of(value);
  }

  private static String items(List<?> list, String open, String close) {
    return list.stream()
        .map(PrintedText::representation)
        .collect(Collectors.joining(", ", open, close));
  }

  private static String quoted(String text) {
    char quote = text.contains("'") && !text.contains("\"") ? '"' : '\'';
    StringBuilder quoted = new StringBuilder().append(quote);
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> appendQuoted(quoted, point, quote);
              }
            });
    return quoted.append(quote).toString();
  }

  private static void appendQuoted(StringBuilder quoted, int point, char quote) {
    if (point == quote) {
      quoted.append('\\').append(quote);
    } else if (isPrintable(point)) {
      quoted.appendCodePoint(point);
    } else if (point <= 0xFF) {
      quoted.append("\\x%02x".formatted(point));
    } else if (point <= 0xFFFF) {
      quoted.append("\\u%04x".formatted(point));
    } else {
      quoted.append("\\U%08x".formatted(point));
    }
  }

  private static boolean isPrintable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> point == ' ';
      default -> true;
    };
  }

  /** The shortest digits that read back as the same number. */
  static String number(double number) {
    if (Double.isNaN(number)) {
      return "nan";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "inf" : "-inf";
    }
    if (number == 0) {
      return 1 / number < 0 ? "-0.0" : "0.0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= SMALLEST_EXPONENT && exponent < LARGEST_EXPONENT) {
      String plain = decimal.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String digits = decimal.unscaledValue().abs().toString();
    String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    return "%s%se%s%02d"
        .formatted(number < 0 ? "-" : "", mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }
}
