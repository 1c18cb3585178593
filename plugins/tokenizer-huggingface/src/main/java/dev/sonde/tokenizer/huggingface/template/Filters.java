package dev.sonde.tokenizer.huggingface.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The filters of Jinja2, with {@code tojson} as transformers defines it; those of sequences stand
 * in {@link Sequences}.
 */
final class Filters {
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

  /** Letters that a URL holds as they are. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.~-]");

  private Filters() {}

  /**
   * What a filter makes of a value.
   *
   * @throws TemplateException if it does not work on it, or is not supported
   */
  static Object apply(String name, Object value, Arguments arguments) {
    return ofText(name, value, arguments)
        .or(() -> ofNumber(name, value, arguments))
        .or(() -> Sequences.filtered(name, value, arguments))
        .orElseThrow(() -> TemplateException.unsupported("the filter '%s'".formatted(name)));
  }

  private static Optional<Object> ofText(String name, Object value, Arguments arguments) {
    return Optional.ofNullable(
        switch (name) {
          case "tojson" -> PythonJson.dump(value, arguments);
          case "trim" -> Strings.strip(PrintedText.printed(value), arguments, true, true);
          case "string", "safe" -> value instanceof String ? value : PrintedText.printed(value);
          case "upper" -> PrintedText.printed(value).toUpperCase(Locale.ROOT);
          case "lower" -> PrintedText.printed(value).toLowerCase(Locale.ROOT);
          case "capitalize" -> Strings.capitalized(PrintedText.printed(value));
          case "title" -> Strings.titled(PrintedText.printed(value), Filters::separatesWords);
          case "replace" -> replaced(PrintedText.printed(value), arguments);
          case "default", "d" -> defaulted(value, arguments);
          case "format" -> formatted(PrintedText.printed(value), arguments);
          case "indent" -> indented(requireText(value), arguments);
          case "center" ->
              Strings.centered(PrintedText.printed(value), arguments.integer(0, "width", 80), " ");
          case "wordcount" -> WORD.matcher(PrintedText.printed(value)).results().count();
          case "truncate" -> truncated(requireText(value), arguments);
          case "urlencode" -> urlEncoded(value);
          case "e", "escape", "forceescape" -> escaped(PrintedText.printed(value));
          case "attr" -> Methods.of(value, arguments.text(0, "name"));
          default -> null;
        });
  }

  private static String requireText(Object value) {
    return switch (value) {
      case String text -> text;
      case Undefined undefined -> throw undefined.error();
      default -> throw new TemplateException(Python.type(value) + " is no text");
    };
  }

  private static boolean separatesWords(int point) {
    return "-({[<".indexOf(point) >= 0 || Python.isSpace(point);
  }

  private static String replaced(String text, Arguments arguments) {
    Object count = arguments.only("old", "new", "count").find(2, "count").orElse(None.NONE);
    return Strings.replaced(
        text,
        PrintedText.printed(arguments.get(0, "old")),
        PrintedText.printed(arguments.get(1, "new")),
        count == None.NONE ? -1 : Python.integer(count));
  }

  private static Object defaulted(Object value, Arguments arguments) {
    arguments.only("default_value", "boolean");
    boolean falseToo = arguments.truth(1, "boolean", false);
    return value instanceof Undefined || (falseToo && !Python.truth(value))
        ? arguments.find(0, "default_value").orElse("")
        : value;
  }

  private static String formatted(String pattern, Arguments arguments) {
    if (!arguments.named().isEmpty() && !arguments.positional().isEmpty()) {
      throw new TemplateException("a format has values with names and values without");
    }
    return Format.percent(
        pattern,
        arguments.named().isEmpty() ? new Tuple(arguments.positional()) : arguments.named());
  }

  static String spaces(int count) {
    return Python.bounded(count, () -> " ".repeat(Math.max(0, count)));
  }

  private static String indented(String text, Arguments arguments) {
    arguments.only("width", "first", "blank");
    String step =
        arguments.find(0, "width").orElse(4L) instanceof String given
            ? given
            : spaces(arguments.integer(0, "width", 4));
    boolean blank = arguments.truth(2, "blank", false);
    StringBuilder indented = new StringBuilder(arguments.truth(1, "first", false) ? step : "");
    String line = "";
    for (Object each : Strings.lines(text + "\n", false)) {
      Strings.append(indented, line.isEmpty() || blank || !each.equals("") ? line : "\n");
      Strings.append(indented, PrintedText.of(each));
      line = "\n" + step;
    }
    return indented.toString();
  }

  private static String truncated(String text, Arguments arguments) {
    arguments.only("length", "killwords", "end", "leeway");
    int length = arguments.integer(0, "length", 255);
    String end = arguments.find(2, "end").map(PrintedText::of).orElse("...");
    if (Python.length(text) <= (long) length + arguments.integer(3, "leeway", 5)) {
      return text;
    }
    String kept = (String) Python.slice(text, None.NONE, length - Python.length(end), None.NONE);
    int blank = kept.lastIndexOf(' ');
    boolean cutsWords = arguments.truth(1, "killwords", false) || blank < 0;
    return (cutsWords ? kept : kept.substring(0, blank)) + end;
  }

  private static String urlEncoded(Object value) {
    if (!(value instanceof Map<?, ?>) && !(value instanceof List<?>)) {
      return urlQuoted(PrintedText.printed(value), "/");
    }
    List<Object> pairs =
        value instanceof Map<?, ?> map ? Methods.items(map) : Python.iterable(value);
    return pairs.stream()
        .map(
            pair ->
                Python.iterable(pair).stream()
                    .map(part -> urlQuoted(PrintedText.printed(part), "").replace("%20", "+"))
                    .collect(Collectors.joining("=")))
        .collect(Collectors.joining("&"));
  }

  private static String urlQuoted(String text, String safe) {
    StringBuilder quoted = new StringBuilder();
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      String letter = Character.toString(each & 0xFF);
      boolean plain = each > 0 && (PLAIN.matcher(letter).matches() || safe.contains(letter));
      quoted.append(plain ? letter : "%%%02X".formatted(each));
    }
    return quoted.toString();
  }

  /** For HTML. */
  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace(">", "&gt;")
        .replace("<", "&lt;")
        .replace("'", "&#39;")
        .replace("\"", "&#34;");
  }

  private static Optional<Object> ofNumber(String name, Object value, Arguments arguments) {
    return Optional.ofNullable(
        switch (name) {
          case "abs" ->
              Python.compare(value, 0L) < 0 ? Arithmetic.negate(value) : Arithmetic.positive(value);
          case "int" -> wholeOf(value, arguments);
          case "float" -> realOf(value, arguments);
          case "round" -> rounded(value, arguments);
          default -> null;
        });
  }

  private static Object wholeOf(Object value, Arguments arguments) {
    arguments.only("default", "base");
    int base = arguments.integer(1, "base", 10);
    try {
      return switch (value) {
        case Undefined undefined -> throw undefined.error();
        case Double number when Double.isNaN(number) || Double.isInfinite(number) ->
            arguments.find(0, "default").orElse(0L);
        case Double number -> number.longValue();
        case String text when base != 10 -> Long.parseLong(text.strip(), base);
        case String text -> new BigDecimal(text.strip()).longValue();
        case None none -> arguments.find(0, "default").orElse(0L);
        default ->
            Python.isWhole(value) ? Python.whole(value) : arguments.find(0, "default").orElse(0L);
      };
    } catch (NumberFormatException e) {
      return arguments.find(0, "default").orElse(0L);
    }
  }

  private static Object realOf(Object value, Arguments arguments) {
    Object absent = arguments.only("default").find(0, "default").orElse(0.0);
    try {
      return switch (value) {
        case Undefined undefined -> throw undefined.error();
        case String text -> Double.valueOf(text.strip());
        default -> Python.isNumber(value) ? Python.real(value) : absent;
      };
    } catch (NumberFormatException e) {
      return absent;
    }
  }

  private static Object rounded(Object value, Arguments arguments) {
    arguments.only("precision", "method");
    RoundingMode mode =
        switch (arguments.find(1, "method").map(PrintedText::of).orElse("common")) {
          case "common" -> RoundingMode.HALF_EVEN;
          case "ceil" -> RoundingMode.CEILING;
          case "floor" -> RoundingMode.FLOOR;
          default -> throw new TemplateException("method must be common, ceil or floor");
        };
    if (mode == RoundingMode.HALF_EVEN && Python.isWhole(value)) {
      return value;
    }
    double number = Python.real(value);
    return new BigDecimal(number)
        .setScale(arguments.integer(0, "precision", 0), mode)
        .doubleValue();
  }

  /** The items as texts with a separator between them. */
  static String join(String separator, List<Object> items) {
    StringBuilder all = new StringBuilder();
    String before = "";
    for (Object item : items) {
      Strings.append(all, before);
      Strings.append(all, PrintedText.printed(item));
      before = separator;
    }
    return all.toString();
  }
}
