package dev.sonde.tokenizer.huggingface.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The methods of texts, lists, mappings and loops that a template may call; none changes them. */
final class Methods {
  private Methods() {}

  /** A method or property of a value; undefined where it has none of that name. */
  static Object of(Object value, Object name) {
    Object found =
        name instanceof String method
            ? switch (value) {
              case String text -> ofText(text, method);
              case Namespace namespace -> namespace.get(method);
              case Map<?, ?> map -> ofMapping(map, method);
              case Loop loop -> loop.property(method);
              case Cycler cycler -> cycler.property(method);
              case List<?> list -> ofList(list, method);
              default -> new Undefined("");
            }
            : new Undefined("");
    return found instanceof Undefined undefined && undefined.what().isEmpty()
        ? new Undefined("%s has no '%s'".formatted(Python.type(value), PrintedText.printed(name)))
        : found;
  }

  private static Object ofMapping(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> method(a -> new View("dict_items", items(map)));
      case "keys" -> method(a -> new View("dict_keys", new ArrayList<>(map.keySet())));
      case "values" -> method(a -> new View("dict_values", new ArrayList<>(map.values())));
      case "copy" -> method(a -> new LinkedHashMap<Object, Object>(map));
      case "get" ->
          method(
              a -> {
                Object found = map.get(a.only("key", "default").get(0, "key"));
                return found == null ? a.find(1, "default").orElse(None.NONE) : found;
              });
      default -> new Undefined("");
    };
  }

  static List<Object> items(Map<?, ?> map) {
    List<Object> items = new ArrayList<>();
    map.forEach((key, value) -> items.add(new Tuple(List.of(key, value))));
    return items;
  }

  private static Object ofList(List<?> list, String name) {
    return switch (name) {
      case "index" -> method(a -> indexOf(list, a.only("value").get(0, "value")));
      case "count" ->
          method(
              a -> {
                Object value = a.only("value").get(0, "value");
                return list.stream().filter(item -> Python.equal(item, value)).count();
              });
      case "copy" ->
          list instanceof Tuple ? new Undefined("") : method(a -> new ArrayList<Object>(list));
      default -> new Undefined("");
    };
  }

  private static long indexOf(List<?> list, Object value) {
    for (int i = 0; i < list.size(); i++) {
      if (Python.equal(list.get(i), value)) {
        return i;
      }
    }
    throw new TemplateException(PrintedText.representation(value) + " is not in the list");
  }

  private static Object ofText(String text, String name) {
    return switch (name) {
      case "strip" -> method(a -> Strings.strip(text, a, true, true));
      case "lstrip" -> method(a -> Strings.strip(text, a, true, false));
      case "rstrip" -> method(a -> Strings.strip(text, a, false, true));
      case "split" -> method(a -> Strings.split(text, a.only("sep", "maxsplit")));
      case "rsplit" -> method(a -> Strings.splitFromRight(text, a.only("sep", "maxsplit")));
      case "partition" -> method(a -> Strings.partition(text, a.only("sep").text(0, "sep"), false));
      case "rpartition" -> method(a -> Strings.partition(text, a.only("sep").text(0, "sep"), true));
      case "splitlines" ->
          method(a -> Strings.lines(text, a.only("keepends").truth(0, "keepends", false)));
      case "startswith" -> method(a -> any(text, a, String::startsWith));
      case "endswith" -> method(a -> any(text, a, String::endsWith));
      case "removeprefix" ->
          method(
              a -> {
                String prefix = a.text(0, "prefix");
                return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
              });
      case "removesuffix" ->
          method(
              a -> {
                String suffix = a.text(0, "suffix");
                return text.endsWith(suffix)
                    ? text.substring(0, text.length() - suffix.length())
                    : text;
              });
      case "replace" ->
          method(
              a ->
                  Strings.replaced(
                      text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1)));
      case "join" -> method(a -> joined(text, Python.iterable(a.get(0, "iterable"))));
      case "format" -> method(a -> Format.braces(text, a));
      case "find", "rfind", "index", "rindex", "count" -> method(a -> found(text, name, a));
      case "upper", "lower", "casefold", "capitalize", "title", "swapcase" ->
          method(a -> cased(text, name));
      case "center", "ljust", "rjust", "zfill" -> method(a -> aligned(text, name, a));
      default -> name.startsWith("is") ? ofKind(text, name) : new Undefined("");
    };
  }

  private static Callable method(Callable callable) {
    return callable;
  }

  private static Object ofKind(String text, String name) {
    return switch (name) {
      case "isdigit", "isdecimal", "isnumeric" ->
          method(a -> Strings.all(text, Character::isDigit));
      case "isalpha" -> method(a -> Strings.all(text, Character::isLetter));
      case "isalnum" -> method(a -> Strings.all(text, Character::isLetterOrDigit));
      case "isspace" -> method(a -> Strings.all(text, Python::isSpace));
      case "isascii" -> method(a -> text.chars().allMatch(c -> c < 0x80));
      case "isupper" -> method(a -> Strings.isUpper(text));
      case "islower" -> method(a -> Strings.isLower(text));
      default -> new Undefined("");
    };
  }

  private static String cased(String text, String name) {
    return switch (name) {
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower", "casefold" -> text.toLowerCase(Locale.ROOT);
      case "capitalize" -> Strings.capitalized(text);
      case "swapcase" -> Strings.swappedCase(text);
      default -> Strings.titled(text, point -> !Character.isLetter(point));
    };
  }

  private static String aligned(String text, String name, Arguments arguments) {
    int width = Python.integer(arguments.get(0, "width"));
    if (name.equals("zfill")) {
      boolean signed = text.startsWith("-") || text.startsWith("+");
      String sign = signed ? text.substring(0, 1) : "";
      return sign + Strings.padded(text.substring(sign.length()), width - sign.length(), "0", 1);
    }
    String fill = arguments.find(1, "fillchar").map(PrintedText::of).orElse(" ");
    if (name.equals("center")) {
      return Strings.centered(text, width, fill);
    }
    return Strings.padded(text, width, fill, name.equals("rjust") ? 1 : 0);
  }

  private static long found(String text, String name, Arguments arguments) {
    String part = arguments.text(0, "sub");
    long from = Python.bound(arguments.integer(1, "start", 0), Python.length(text), 1);
    int to = arguments.integer(2, "end", Integer.MAX_VALUE);
    String within = (String) Python.slice(text, from, (long) to, None.NONE);
    if (name.equals("count")) {
      return Strings.count(within, part);
    }
    long place = Strings.place(within, part, name.startsWith("r"));
    if (place < 0 && name.endsWith("index")) {
      throw new TemplateException("'%s' is not in the text".formatted(part));
    }
    return place < 0 ? place : place + from;
  }

  private interface OnText {
    boolean test(String text, String part);
  }

  /** Whether it holds for the text or for one of the texts that are given. */
  private static boolean any(String text, Arguments arguments, OnText test) {
    Object start = arguments.only("prefix", "start", "end").find(1, "start").orElse(None.NONE);
    Object end = arguments.find(2, "end").orElse(None.NONE);
    String within = (String) Python.slice(text, start, end, None.NONE);
    return arguments.get(0, "prefix") instanceof Tuple parts
        ? parts.stream().anyMatch(part -> test.test(within, PrintedText.of(part)))
        : test.test(within, arguments.text(0, "prefix"));
  }

  private static String joined(String separator, List<Object> items) {
    for (Object item : items) {
      if (!(item instanceof String)) {
        throw new TemplateException("join meets " + Python.type(item));
      }
    }
    return Filters.join(separator, items);
  }
}
