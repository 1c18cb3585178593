package dev.sonde.tokenizer.huggingface.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's two ways to format values: {@code '%s' % x} and {@code '{}'.format(x)}. */
final class Format {
  private static final Pattern DIRECTIVE =
      Pattern.compile(
          "%(?:\\((?<name>[^)]*)\\))?(?<flags>[-+ 0#]*)(?<width>\\d{0,6})(?:\\.(?<precision>\\d{1,6}))?"
              + "(?<type>.|$)",
          Pattern.DOTALL);
  private static final Pattern FIELD =
      Pattern.compile(
          "\\{\\{|}}|\\{(?<field>[^{}:!]*)(?:!(?<conversion>\\w))?(?::(?<spec>[^{}]*))?}|[{}]");
  private static final Pattern SPEC =
      Pattern.compile(
          "(?:(?<fill>.)?(?<align>[<>^=]))?(?<sign>[-+ ])?(?<zero>0)?(?<width>\\d{0,6})(?<group>[,_])?"
              + "(?:\\.(?<precision>\\d{1,6}))?(?<type>[sdfFgexX%])?",
          Pattern.DOTALL);

  private Format() {}

  /** {@code pattern % values}. */
  static String percent(String pattern, Object values) {
    Iterator<Object> inOrder =
        values instanceof Tuple tuple ? tuple.iterator() : List.of(values).iterator();
    StringBuilder out = new StringBuilder();
    Matcher directive = DIRECTIVE.matcher(pattern);
    int done = 0;
    while (directive.find()) {
      out.append(pattern, done, directive.start());
      done = directive.end();
      Strings.append(
          out, directive.group("type").equals("%") ? "%" : directive(directive, values, inOrder));
    }
    if (inOrder.hasNext() && !(values instanceof Map<?, ?>)) {
      throw new TemplateException("a format has more values than directives");
    }
    return out.append(pattern.substring(done)).toString();
  }

  private static String directive(Matcher directive, Object values, Iterator<Object> inOrder) {
    Object value;
    if (directive.group("name") != null) {
      value =
          values instanceof Map<?, ?> ? Python.item(values, directive.group("name")) : None.NONE;
    } else if (inOrder.hasNext()) {
      value = inOrder.next();
    } else {
      throw new TemplateException("a format has more directives than values");
    }
    String flags = directive.group("flags");
    String sign = flags.contains("+") ? "+" : flags.contains(" ") ? " " : "-";
    String precision = directive.group("precision");
    int digits = precision == null ? -1 : Integer.parseInt(precision);
    String type = directive.group("type");
    String text =
        switch (type) {
          case "s" -> cut(PrintedText.printed(value), digits);
          case "r" -> cut(PrintedText.representation(value), digits);
          case "d", "i" ->
              number(
                  value instanceof Double real ? (Object) real.longValue() : value,
                  "d",
                  digits,
                  sign,
                  "");
          case "f", "F", "e", "g", "x", "X" -> number(value, type, digits, sign, "");
          default -> throw TemplateException.unsupported("the format '%" + type + "'");
        };
    int width = directive.group("width").isEmpty() ? 0 : Integer.parseInt(directive.group("width"));
    boolean zeros = flags.contains("0") && !flags.contains("-") && !"sr".contains(type);
    return zeros
        ? zeroFilled(text, width)
        : Strings.padded(text, width, " ", flags.contains("-") ? 0 : 1);
  }

  /** {@code pattern.format(…)}. */
  static String braces(String pattern, Arguments arguments) {
    StringBuilder out = new StringBuilder();
    Matcher field = FIELD.matcher(pattern);
    int done = 0;
    int next = 0;
    while (field.find()) {
      out.append(pattern, done, field.start());
      done = field.end();
      if (field.group("field") == null) {
        if (field.group().length() == 1) {
          throw new TemplateException("a brace stands alone in the format");
        }
        out.append(field.group().charAt(0));
        continue;
      }
      String name = field.group("field");
      Object value =
          name.isEmpty()
              ? arguments.get(next++, "value " + next)
              : name.matches("\\d{1,6}")
                  ? arguments.get(Integer.parseInt(name), "value " + name)
                  : named(arguments, name);
      if (field.group("conversion") != null) {
        value =
            field.group("conversion").equals("r")
                ? PrintedText.representation(value)
                : PrintedText.printed(value);
      }
      Strings.append(out, specified(value, field.group("spec") == null ? "" : field.group("spec")));
    }
    return out.append(pattern.substring(done)).toString();
  }

  private static Object named(Arguments arguments, String name) {
    Object value = arguments.named().get(name);
    if (value == null) {
      throw TemplateException.unsupported("the field '%s' of a format".formatted(name));
    }
    return value;
  }

  private static String specified(Object value, String written) {
    Matcher spec = SPEC.matcher(written);
    if (!spec.matches()) {
      throw TemplateException.unsupported("the format '%s'".formatted(written));
    }
    boolean isNumber = Python.isNumber(value) && !(value instanceof Boolean);
    String precision = spec.group("precision");
    int digits = precision == null ? -1 : Integer.parseInt(precision);
    String type = spec.group("type") == null ? (isNumber ? "" : "s") : spec.group("type");
    String sign = spec.group("sign") == null ? "-" : spec.group("sign");
    String group = spec.group("group") == null ? "" : spec.group("group");
    String text =
        type.equals("s")
            ? cut(PrintedText.printed(value), digits)
            : number(value, type.isEmpty() ? plain(value, digits) : type, digits, sign, group);
    int width = spec.group("width").isEmpty() ? 0 : Integer.parseInt(spec.group("width"));
    String align = spec.group("align") == null ? (isNumber ? ">" : "<") : spec.group("align");
    String fill = spec.group("fill") == null ? " " : spec.group("fill");
    if (spec.group("zero") != null && spec.group("align") == null) {
      return zeroFilled(text, width);
    }
    return switch (align) {
      case "<" -> Strings.padded(text, width, fill, 0);
      case "^" -> Strings.padded(text, width, fill, 0.5);
      case "=" -> zeroFilled(text, width);
      default -> Strings.padded(text, width, fill, 1);
    };
  }

  private static String plain(Object value, int digits) {
    return value instanceof Double ? (digits < 0 ? "r" : "g") : "d";
  }

  private static String cut(String text, int most) {
    return most < 0 || text.codePointCount(0, text.length()) <= most
        ? text
        : text.substring(0, text.offsetByCodePoints(0, most));
  }

  private static String number(Object value, String type, int digits, String sign, String group) {
    if (!Python.isNumber(value)) {
      throw new TemplateException(Python.type(value) + " is formatted as a number");
    }
    String text =
        switch (type) {
          case "d" -> String.valueOf(Python.whole(value));
          case "x" -> Long.toHexString(Python.whole(value));
          case "X" -> Long.toHexString(Python.whole(value)).toUpperCase(java.util.Locale.ROOT);
          case "r" -> PrintedText.number(Python.real(value));
          case "f", "F" -> fixed(Python.real(value), digits);
          case "%" -> fixed(Python.real(value) * 100, digits) + "%";
          default ->
              throw TemplateException.unsupported("the format '%s' of numbers".formatted(type));
        };
    boolean negative = text.startsWith("-");
    String size = negative ? text.substring(1) : text;
    if (!group.isEmpty()) {
      int end = size.indexOf('.') < 0 ? size.length() : size.indexOf('.');
      size = size.substring(0, end).replaceAll("\\B(?=(\\d{3})+$)", group) + size.substring(end);
    }
    return (negative ? "-" : sign.equals("-") ? "" : sign) + size;
  }

  private static String fixed(double number, int digits) {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      return PrintedText.number(number);
    }
    String text =
        new BigDecimal(number)
            .setScale(digits < 0 ? 6 : digits, RoundingMode.HALF_EVEN)
            .toPlainString();
    return number < 0 && !text.startsWith("-") ? "-" + text : text;
  }

  private static String zeroFilled(String text, int width) {
    boolean signed = !text.isEmpty() && "+- ".indexOf(text.charAt(0)) >= 0;
    String sign = signed ? text.substring(0, 1) : "";
    return sign + Strings.padded(text.substring(sign.length()), width - sign.length(), "0", 1);
  }
}
