package dev.sonde.tokenizer.huggingface.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The filters of lists, mappings and whatever else can be gone through. */
final class Sequences {
  private Sequences() {}

  /** What a filter makes of a value; empty where there is none of that name here. */
  static Optional<Object> filtered(String name, Object value, Arguments arguments) {
    return Optional.ofNullable(
        switch (name) {
          case "length", "count" -> Python.length(value);
          case "list" -> Python.iterable(value);
          case "items" -> items(value);
          case "dictsort" -> dictionarySorted(value, arguments);
          case "join" -> joined(value, arguments);
          case "first" -> value instanceof Lazy lazy ? lazy.next() : end(Python.iterable(value));
          case "last" -> last(value);
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
          case "batch" -> batched(value, arguments);
          case "slice" -> sliced(value, arguments);
          default -> null;
        });
  }

  private static Lazy items(Object value) {
    return switch (value) {
      case Map<?, ?> map -> Lazy.of(Methods.items(map));
      case Undefined undefined -> Lazy.of(List.<Object>of());
      default ->
          throw new TemplateException("'items' is for mappings, not for " + Python.type(value));
    };
  }

  private static String joined(Object value, Arguments arguments) {
    List<Object> items = Python.iterable(value);
    arguments
        .only("d", "attribute")
        .find(1, "attribute")
        .ifPresent(name -> items.replaceAll(item -> attribute(item, name)));
    return Filters.join(arguments.find(0, "d").map(PrintedText::printed).orElse(""), items);
  }

  /** An item's item by a dotted path. */
  private static Object attribute(Object item, Object path) {
    if (!(path instanceof String names)) {
      return Python.item(item, path);
    }
    Object found = item;
    for (String name : names.split("\\.", -1)) {
      found = Python.item(found, name.matches("\\d{1,9}") ? (Object) Long.valueOf(name) : name);
    }
    return found;
  }

  private static Object end(List<Object> items) {
    return items.isEmpty() ? new Undefined("there is no such item") : items.getFirst();
  }

  private static Object last(Object value) {
    if (value instanceof Lazy) {
      throw new TemplateException("a generator cannot be read from its end");
    }
    return end(Python.iterable(value).reversed());
  }

  private static Object reversed(Object value) {
    List<Object> reversed = Python.iterable(value).reversed();
    return switch (value) {
      case String text -> Filters.join("", reversed);
      case Lazy lazy -> new ArrayList<>(reversed);
      default -> Lazy.of(reversed);
    };
  }

  /** What case-insensitive filters compare. */
  private static Object key(Object item, Arguments arguments, int caseAt, int attributeAt) {
    Object path = arguments.find(attributeAt, "attribute").orElse(None.NONE);
    boolean exact = arguments.truth(caseAt, "case_sensitive", false);
    if (path instanceof String paths && paths.contains(",")) {
      return new Tuple(
          Stream.of(paths.split(",", -1))
              .map(each -> folded(attribute(item, each), exact))
              .toList());
    }
    return folded(path == None.NONE ? item : attribute(item, path), exact);
  }

  private static Object folded(Object key, boolean exact) {
    return key instanceof String text && !exact ? text.toLowerCase(Locale.ROOT) : key;
  }

  private static List<Object> sorted(Object value, Arguments arguments) {
    arguments.only("reverse", "case_sensitive", "attribute");
    Comparator<Object> order =
        (a, b) -> Python.compare(key(a, arguments, 1, 2), key(b, arguments, 1, 2));
    List<Object> items = new ArrayList<>(Python.iterable(value));
    items.sort(arguments.truth(0, "reverse", false) ? Collections.reverseOrder(order) : order);
    return items;
  }

  private static Lazy unique(Object value, Arguments arguments) {
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
    return Lazy.of(unique);
  }

  private static Object extreme(Object value, Arguments arguments, int sign) {
    arguments.only("case_sensitive", "attribute");
    Comparator<Object> order =
        (a, b) -> sign * Python.compare(key(a, arguments, 0, 1), key(b, arguments, 0, 1));
    List<Object> items = Python.iterable(value);
    return items.isEmpty() ? end(items) : Collections.min(items, order);
  }

  private static Object sum(Object value, Arguments arguments) {
    Object sum = arguments.only("attribute", "start").find(1, "start").orElse(0L);
    Object name = arguments.find(0, "attribute").orElse(None.NONE);
    for (Object item : Python.iterable(value)) {
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

  /**
   * As Jinja2's generators: what is false gives nothing, even where it could not be gone through.
   */
  private static Stream<Object> lazily(Object value) {
    return Python.truth(value) ? Python.iterable(value).stream() : Stream.of();
  }

  private static Lazy mapped(Object value, Arguments arguments) {
    UnaryOperator<Object> change;
    if (arguments.positional().isEmpty()) {
      Object name = arguments.only("attribute", "default").get(0, "attribute");
      change =
          item -> {
            Object found = attribute(item, name);
            return found instanceof Undefined ? arguments.find(1, "default").orElse(found) : found;
          };
    } else {
      String filter = arguments.text(0, "filter");
      Arguments rest = arguments.from(1);
      change = item -> Filters.apply(filter, item, rest);
    }
    return Lazy.of(lazily(value).map(change));
  }

  private static Lazy selected(
      Object value, Arguments arguments, UnaryOperator<Object> projection, boolean wanted) {
    Predicate<Object> test =
        arguments.positional().isEmpty()
            ? Python::truth
            : item -> Tests.holds(arguments.text(0, "test"), item, arguments.from(1));
    return Lazy.of(lazily(value).filter(item -> test.test(projection.apply(item)) == wanted));
  }

  private static Lazy selectedByAttribute(Object value, Arguments arguments, boolean wanted) {
    Object name = arguments.get(0, "attribute");
    return selected(value, arguments.from(1), item -> attribute(item, name), wanted);
  }

  private static Lazy batched(Object value, Arguments arguments) {
    int count = Python.integer(arguments.only("linecount", "fill_with").get(0, "linecount"));
    Object fill = arguments.find(1, "fill_with").orElse(None.NONE);
    List<Object> batches = new ArrayList<>();
    List<Object> items = Python.iterable(value);
    for (int at = 0; at < items.size(); at += Math.max(1, count)) {
      List<Object> batch =
          new ArrayList<>(items.subList(at, Math.min(items.size(), at + Math.max(1, count))));
      while (fill != None.NONE && batch.size() < count) {
        batch.add(fill);
      }
      batches.add(batch);
    }
    return Lazy.of(batches);
  }

  private static Lazy sliced(Object value, Arguments arguments) {
    int count = Python.integer(arguments.only("slices", "fill_with").get(0, "slices"));
    Object fill = arguments.find(1, "fill_with").orElse(None.NONE);
    List<Object> items = Python.iterable(value);
    if (count < 1) {
      throw new TemplateException("a list is cut into %d slices".formatted(count));
    }
    List<Object> slices = new ArrayList<>();
    int longer = items.size() % count;
    int at = 0;
    for (int i = 0; i < count; i++) {
      int end = at + items.size() / count + (i < longer ? 1 : 0);
      List<Object> slice = new ArrayList<>(items.subList(at, end));
      if (fill != None.NONE && i >= longer) {
        slice.add(fill);
      }
      slices.add(slice);
      at = end;
    }
    return Lazy.of(slices);
  }
}
