package dev.sonde.tokenizer.huggingface.template;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The filters of Jinja2, with {@code tojson} as transformers defines it. */
final class Filters {
  private static final Pattern DIRECTIVE = Pattern.compile("%.?", Pattern.DOTALL);

  private Filters() {}

  static Object apply(String name, Object value, Arguments arguments) {
    return switch (name) {
      case "tojson" -> Json.dump(value, arguments);
      case "trim" -> {
        Object characters = arguments.only("chars").find(0, "chars").orElse(None.NONE);
        yield characters instanceof String set
            ? Methods.strip(Text.printed(value), c -> set.indexOf(c) >= 0, true, true)
            : Methods.strip(Text.printed(value), Python::isSpace, true, true);
      }
      case "length", "count" -> Python.length(value);
      case "string" -> Text.printed(value);
      case "safe" -> value;
      case "upper" -> Text.printed(value).toUpperCase(Locale.ROOT);
      case "lower" -> Text.printed(value).toLowerCase(Locale.ROOT);
      case "capitalize" -> Methods.capitalized(Text.printed(value));
      case "title" -> Methods.titled(Text.printed(value), Filters::separatesWords);
      case "replace" ->
          Methods.replaced(
              Text.printed(value),
              arguments.text(0, "old"),
              arguments.text(1, "new"),
              arguments.integer(2, "count", -1));
      case "default", "d" ->
          value instanceof Undefined
                  || (arguments.truth(1, "boolean", false) && !Python.truth(value))
              ? arguments.find(0, "default_value").orElse("")
              : value;
      case "list" -> Python.iterable(value);
      case "items" -> value instanceof Map<?, ?> map ? Methods.items(map) : noItems(value);
      case "dictsort" -> dictionarySorted(value, arguments);
      case "join" -> joined(value, arguments);
      case "first" -> firstOf(Python.iterable(value));
      case "last" -> firstOf(Python.iterable(value).reversed());
      case "reverse" -> reversed(value);
      case "sort" -> sorted(value, arguments);
      case "unique" -> unique(value, arguments);
      case "min" -> extreme(value, arguments, 1);
      case "max" -> extreme(value, arguments, -1);
      case "sum" -> sum(value, arguments);
      case "map" -> mapped(value, arguments);
      case "select" -> selected(value, arguments, item -> item, true);
      case "reject" -> selected(value, arguments, item -> item, false);
      case "selectattr" -> selectedByAttribute(value, arguments, true);
      case "rejectattr" -> selectedByAttribute(value, arguments, false);
      case "indent" -> indented(value, arguments);
      case "abs" -> Python.compare(value, 0L) < 0 ? Arithmetic.negate(value) : value;
      case "int" -> wholeOf(value, arguments);
      case "float" -> realOf(value, arguments);
      case "round" -> rounded(value, arguments);
      case "format" -> formatted(Text.of(value), arguments);
      default -> throw TemplateException.unsupported("the filter '%s'".formatted(name));
    };
  }

  private static Object noItems(Object value) {
    if (value instanceof Undefined) {
      return List.of();
    }
    throw new TemplateException("'items' is for mappings, not for " + Python.type(value));
  }

  private static boolean separatesWords(int point) {
    return "-({[<".indexOf(point) >= 0 || Python.isSpace(point);
  }

  static String spaces(int count) {
    return Python.bounded(count, () -> " ".repeat(Math.max(0, count)));
  }

  /** The items as texts with a separator between them. */
  static String join(String separator, List<Object> items) {
    StringBuilder all = new StringBuilder();
    String before = "";
    for (Object item : items) {
      Methods.append(all, before);
      Methods.append(all, Text.printed(item));
      before = separator;
    }
    return all.toString();
  }

  private static String joined(Object value, Arguments arguments) {
    List<Object> items = Python.iterable(value);
    arguments
        .only("d", "attribute")
        .find(1, "attribute")
        .ifPresent(name -> items.replaceAll(item -> attribute(item, name)));
    return join(arguments.find(0, "d").map(Text::of).orElse(""), items);
  }

  /** An item's item by a dotted path. */
  private static Object attribute(Object item, Object path) {
    if (!(path instanceof String names)) {
      return Python.item(item, path);
    }
    Object found = item;
    for (String name : names.split("\\.", -1)) {
      found = Python.item(found, name);
    }
    return found;
  }

  private static Object firstOf(List<Object> items) {
    return items.isEmpty() ? new Undefined("there is no first item") : items.getFirst();
  }

  private static Object reversed(Object value) {
    List<Object> reversed = Python.iterable(value).reversed();
    return value instanceof String ? join("", reversed) : new ArrayList<>(reversed);
  }

  /** What case-insensitive filters compare. */
  private static Object key(Object item, Arguments arguments, int caseAt, int attributeAt) {
    Object key =
        arguments.find(attributeAt, "attribute").orElse(None.NONE) == None.NONE
            ? item
            : attribute(item, arguments.get(attributeAt, "attribute"));
    return key instanceof String text && !arguments.truth(caseAt, "case_sensitive", false)
        ? text.toLowerCase(Locale.ROOT)
        : key;
  }

  private static List<Object> sorted(Object value, Arguments arguments) {
    arguments.only("reverse", "case_sensitive", "attribute");
    Comparator<Object> order =
        (a, b) -> Python.compare(key(a, arguments, 1, 2), key(b, arguments, 1, 2));
    List<Object> items = new ArrayList<>(Python.iterable(value));
    items.sort(arguments.truth(0, "reverse", false) ? Collections.reverseOrder(order) : order);
    return items;
  }

  private static List<Object> unique(Object value, Arguments arguments) {
    arguments.only("case_sensitive", "attribute");
    List<Object> seen = new ArrayList<>();
    List<Object> unique = new ArrayList<>();
    for (Object item : Python.iterable(value)) {
      Object key = key(item, arguments, 0, 1);
      if (!Python.contains(seen, key)) {
        seen.add(key);
        unique.add(item);
      }
    }
    return unique;
  }

  private static Object extreme(Object value, Arguments arguments, int sign) {
    arguments.only("case_sensitive", "attribute");
    Comparator<Object> order =
        (a, b) -> sign * Python.compare(key(a, arguments, 0, 1), key(b, arguments, 0, 1));
    List<Object> items = Python.iterable(value);
    return items.isEmpty() ? firstOf(items) : Collections.min(items, order);
  }

  private static Object sum(Object value, Arguments arguments) {
    Object sum = arguments.only("attribute", "start").find(1, "start").orElse(0L);
    for (Object item : Python.iterable(value)) {
      Object name = arguments.find(0, "attribute").orElse(None.NONE);
      sum = Arithmetic.add(sum, name == None.NONE ? item : attribute(item, name));
    }
    return sum;
  }

  static List<Map.Entry<Object, Object>> sortedByKey(Map<?, ?> map) {
    return map.entrySet().stream()
        .map(e -> Map.<Object, Object>entry(e.getKey(), e.getValue()))
        .sorted((a, b) -> Python.compare(a.getKey(), b.getKey()))
        .toList();
  }

  private static List<Object> dictionarySorted(Object value, Arguments arguments) {
    arguments.only("case_sensitive", "by", "reverse");
    if (!(value instanceof Map<?, ?> map)) {
      throw new TemplateException("'dictsort' is for mappings, not for " + Python.type(value));
    }
    int place = arguments.find(1, "by").orElse("key").equals("value") ? 1 : 0;
    Arguments order =
        new Arguments(
            List.of(),
            Map.of(
                "attribute", (long) place,
                "case_sensitive", arguments.truth(0, "case_sensitive", false),
                "reverse", arguments.truth(2, "reverse", false)));
    return sorted(Methods.items(map), order);
  }

  private static List<Object> mapped(Object value, Arguments arguments) {
    List<Object> items = Python.iterable(value);
    if (arguments.positional().isEmpty()) {
      Object name = arguments.only("attribute", "default").get(0, "attribute");
      items.replaceAll(
          item -> {
            Object found = attribute(item, name);
            return found instanceof Undefined ? arguments.find(1, "default").orElse(found) : found;
          });
    } else {
      String filter = arguments.text(0, "filter");
      items.replaceAll(item -> apply(filter, item, arguments.from(1)));
    }
    return items;
  }

  private interface Projection {
    Object of(Object item);
  }

  private static List<Object> selected(
      Object value, Arguments arguments, Projection projection, boolean wanted) {
    Predicate<Object> test =
        arguments.positional().isEmpty()
            ? Python::truth
            : item -> Tests.holds(arguments.text(0, "test"), item, arguments.from(1));
    return Python.iterable(value).stream()
        .filter(item -> test.test(projection.of(item)) == wanted)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static List<Object> selectedByAttribute(
      Object value, Arguments arguments, boolean wanted) {
    Object name = arguments.get(0, "attribute");
    return selected(value, arguments.from(1), item -> attribute(item, name), wanted);
  }

  private static String indented(Object value, Arguments arguments) {
    arguments.only("width", "first", "blank");
    String step =
        arguments.find(0, "width").orElse(4L) instanceof String given
            ? given
            : spaces(arguments.integer(0, "width", 4));
    boolean blank = arguments.truth(2, "blank", false);
    StringBuilder indented = new StringBuilder(arguments.truth(1, "first", false) ? step : "");
    String line = "";
    for (Object each : Methods.lines(Text.printed(value) + "\n", false)) {
      Methods.append(indented, line.isEmpty() || blank || !each.equals("") ? line : "\n");
      Methods.append(indented, Text.of(each));
      line = "\n" + step;
    }
    return indented.toString();
  }

  private static Object wholeOf(Object value, Arguments arguments) {
    arguments.only("default", "base");
    if (arguments.integer(1, "base", 10) != 10) {
      throw TemplateException.unsupported("another base than 10");
    }
    try {
      return switch (value) {
        case Double number -> number.longValue();
        case String text -> new BigDecimal(text.strip()).longValue();
        default -> Python.whole(value);
      };
    } catch (NumberFormatException | TemplateException e) {
      return arguments.find(0, "default").orElse(0L);
    }
  }

  private static Object realOf(Object value, Arguments arguments) {
    try {
      return value instanceof String text ? Double.valueOf(text.strip()) : Python.real(value);
    } catch (NumberFormatException | TemplateException e) {
      return arguments.only("default").find(0, "default").orElse(0.0);
    }
  }

  private static Object rounded(Object value, Arguments arguments) {
    arguments.only("precision", "method");
    RoundingMode mode =
        switch (arguments.find(1, "method").map(Text::of).orElse("common")) {
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

  /** The {@code %} of texts, for %s, %d and %%. */
  private static String formatted(String pattern, Arguments arguments) {
    Iterator<Object> values = arguments.positional().iterator();
    return DIRECTIVE
        .matcher(pattern)
        .replaceAll(
            directive ->
                Matcher.quoteReplacement(
                    switch (directive.group()) {
                      case "%%" -> "%";
                      case "%s" -> Text.printed(next(values));
                      case "%d" -> Text.of(Python.whole(next(values)));
                      default ->
                          throw TemplateException.unsupported("the format '%s'".formatted(pattern));
                    }));
  }

  private static Object next(Iterator<Object> values) {
    if (!values.hasNext()) {
      throw new TemplateException("a format has more directives than values");
    }
    return values.next();
  }
}
