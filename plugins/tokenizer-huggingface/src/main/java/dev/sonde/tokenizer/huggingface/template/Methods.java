package dev.sonde.tokenizer.huggingface.template;

import com.hubspot.jinjava.objects.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;

/** The methods of texts, lists, mappings and loops that a template may call. */
final class Methods {
  private Methods() {}

  /** A method or property of a value; undefined where it has none of that name. */
  static Object of(Object value, Object name) {
    Object found =
        name instanceof String method
            ? switch (value) {
              case String text -> ofText(text, method);
              case Namespace namespace -> new Undefined("");
              case Map<?, ?> map -> ofMapping(map, method);
              case Loop loop -> loop.property(method);
              case List<?> list -> ofList(list, method);
              default -> new Undefined("");
            }
            : new Undefined("");
    return found instanceof Undefined
        ? new Undefined("%s has no '%s'".formatted(Python.type(value), Text.printed(name)))
        : found;
  }

  private static Object ofMapping(Map<?, ?> map, String name) {
    return switch (name) {
      case "items" -> method(arguments -> items(map));
      case "keys" -> method(arguments -> new ArrayList<Object>(map.keySet()));
      case "values" -> method(arguments -> new ArrayList<Object>(map.values()));
      case "get" ->
          method(
              arguments -> {
                Object found = map.get(arguments.get(0, "key"));
                return found == null ? arguments.find(1, "default").orElse(None.NONE) : found;
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
      case "index" -> method(arguments -> indexOf(list, arguments.get(0, "value")));
      case "count" ->
          method(
              arguments ->
                  list.stream().filter(i -> Python.equal(i, arguments.get(0, "value"))).count());
      default -> new Undefined("");
    };
  }

  private static long indexOf(List<?> list, Object value) {
    for (int i = 0; i < list.size(); i++) {
      if (Python.equal(list.get(i), value)) {
        return i;
      }
    }
    throw new TemplateException(Text.representation(value) + " is not in the list");
  }

  private static Object ofText(String text, String name) {
    return switch (name) {
      case "strip" -> method(a -> strip(text, a, true, true));
      case "lstrip" -> method(a -> strip(text, a, true, false));
      case "rstrip" -> method(a -> strip(text, a, false, true));
      case "split" -> method(a -> split(text, a.only("sep", "maxsplit")));
      case "rsplit" -> method(a -> splitFromRight(text, a.only("sep", "maxsplit")));
      case "splitlines" -> method(a -> lines(text, a.truth(0, "keepends", false)));
      case "startswith" -> method(a -> any(a, text::startsWith));
      case "endswith" -> method(a -> any(a, text::endsWith));
      case "upper" -> method(a -> text.toUpperCase(Locale.ROOT));
      case "lower" -> method(a -> text.toLowerCase(Locale.ROOT));
      case "capitalize" -> method(a -> capitalized(text));
      case "title" -> method(a -> titled(text, point -> !Character.isLetter(point)));
      case "replace" ->
          method(
              a -> replaced(text, a.text(0, "old"), a.text(1, "new"), a.integer(2, "count", -1)));
      case "removeprefix" ->
          method(
              a ->
                  text.startsWith(a.text(0, "prefix"))
                      ? text.substring(a.text(0, "prefix").length())
                      : text);
      case "removesuffix" ->
          method(
              a ->
                  text.endsWith(a.text(0, "suffix"))
                      ? text.substring(0, text.length() - a.text(0, "suffix").length())
                      : text);
      case "find" -> method(a -> place(text, text.indexOf(a.only("sub").text(0, "sub"))));
      case "rfind" -> method(a -> place(text, text.lastIndexOf(a.only("sub").text(0, "sub"))));
      case "count" -> method(a -> count(text, a.only("sub").text(0, "sub")));
      case "join" -> method(a -> joined(text, Python.iterable(a.get(0, "iterable"))));
      case "isdigit" -> method(a -> all(text, Character::isDigit));
      case "isalpha" -> method(a -> all(text, Character::isLetter));
      case "isalnum" -> method(a -> all(text, Character::isLetterOrDigit));
      case "isspace" -> method(a -> all(text, Python::isSpace));
      case "isupper" -> method(a -> isUpper(text));
      case "islower" -> method(a -> isLower(text));
      default -> new Undefined("");
    };
  }

  private static Callable method(Callable callable) {
    return callable;
  }

  private static String strip(String text, Arguments arguments, boolean left, boolean right) {
    Object characters = arguments.only("chars").find(0, "chars").orElse(None.NONE);
    return characters instanceof String set
        ? strip(text, point -> set.indexOf(point) >= 0, left, right)
        : strip(text, Python::isSpace, left, right);
  }

  /** A text without the characters of a kind at its ends. */
  static String strip(String text, IntPredicate taken, boolean left, boolean right) {
    int start = 0;
    int end = text.length();
    while (left && start < end && taken.test(text.codePointAt(start))) {
      start += Character.charCount(text.codePointAt(start));
    }
    while (right && end > start && taken.test(text.codePointBefore(end))) {
      end -= Character.charCount(text.codePointBefore(end));
    }
    return text.substring(start, end);
  }

  private static List<Object> split(String text, Arguments arguments) {
    int most = arguments.integer(1, "maxsplit", -1);
    List<Object> parts = new ArrayList<>();
    String rest = text;
    if (arguments.find(0, "sep").orElse(None.NONE) instanceof String separator) {
      requireSeparator(separator);
      for (int at = rest.indexOf(separator);
          at >= 0 && (most < 0 || parts.size() < most);
          at = rest.indexOf(separator)) {
        parts.add(rest.substring(0, at));
        rest = rest.substring(at + separator.length());
      }
      parts.add(rest);
      return parts;
    }
    rest = strip(rest, Python::isSpace, true, false);
    while (!rest.isEmpty() && (most < 0 || parts.size() < most)) {
      int end = 0;
      while (end < rest.length() && !Python.isSpace(rest.codePointAt(end))) {
        end += Character.charCount(rest.codePointAt(end));
      }
      parts.add(rest.substring(0, end));
      rest = strip(rest.substring(end), Python::isSpace, true, false);
    }
    if (!rest.isEmpty()) {
      parts.add(rest);
    }
    return parts;
  }

  private static List<Object> splitFromRight(String text, Arguments arguments) {
    int most = arguments.integer(1, "maxsplit", -1);
    if (!(arguments.find(0, "sep").orElse(None.NONE) instanceof String separator)) {
      if (most >= 0) {
        throw TemplateException.unsupported("rsplit with maxsplit and without sep");
      }
      return split(text, arguments);
    }
    requireSeparator(separator);
    List<Object> parts = new ArrayList<>();
    String rest = text;
    for (int at = rest.lastIndexOf(separator);
        at >= 0 && (most < 0 || parts.size() < most);
        at = rest.lastIndexOf(separator)) {
      parts.addFirst(rest.substring(at + separator.length()));
      rest = rest.substring(0, at);
    }
    parts.addFirst(rest);
    return parts;
  }

  private static void requireSeparator(String separator) {
    if (separator.isEmpty()) {
      throw new TemplateException("a text is split at an empty one");
    }
  }

  static List<Object> lines(String text, boolean keepEnds) {
    List<Object> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isLineEnd(text.charAt(i))) {
        int next = text.startsWith("\r\n", i) ? i + 2 : i + 1;
        lines.add(text.substring(start, keepEnds ? next : i));
        start = next;
        i = next - 1;
      }
    }
    if (start < text.length()) {
      lines.add(text.substring(start));
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= '\u001c' && c <= '\u001e')
        || c == '\u0085'
        || c == '\u2028'
        || c == '\u2029';
  }

  private interface OnText {
    boolean test(String part);
  }

  /** Whether it holds for the text or for one of the texts that are given. */
  private static boolean any(Arguments arguments, OnText test) {
    return arguments.only("prefix").get(0, "prefix") instanceof Tuple parts
        ? parts.stream().anyMatch(part -> test.test(Text.of(part)))
        : test.test(arguments.text(0, "prefix"));
  }

  static String capitalized(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = Character.charCount(text.codePointAt(0));
    return Character.toString(Character.toTitleCase(text.codePointAt(0)))
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  /** Each letter that follows a boundary in title case, the others in lower case. */
  static String titled(String text, IntPredicate isBoundary) {
    StringBuilder titled = new StringBuilder();
    boolean begins = true;
    for (int point : text.codePoints().toArray()) {
      titled.appendCodePoint(begins ? Character.toTitleCase(point) : Character.toLowerCase(point));
      begins = isBoundary.test(point);
    }
    return titled.toString();
  }

  static String replaced(String text, String old, String with, int count) {
    if (old.isEmpty()) {
      throw TemplateException.unsupported("replacing the empty text");
    }
    StringBuilder replaced = new StringBuilder();
    int start = 0;
    int done = 0;
    for (int at = text.indexOf(old);
        at >= 0 && (count < 0 || done < count);
        at = text.indexOf(old, start)) {
      append(replaced, text.substring(start, at));
      append(replaced, with);
      start = at + old.length();
      done++;
    }
    return append(replaced, text.substring(start)).toString();
  }

  /** Appends unless the whole grows too long. */
  static StringBuilder append(StringBuilder whole, String part) {
    return Python.bounded(whole.length() + (double) part.length(), () -> whole.append(part));
  }

  private static long place(String text, int index) {
    return index < 0 ? index : text.codePointCount(0, index);
  }

  private static long count(String text, String part) {
    if (part.isEmpty()) {
      return Python.length(text) + 1;
    }
    long count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  private static String joined(String separator, List<Object> items) {
    for (Object item : items) {
      if (!(item instanceof String)) {
        throw new TemplateException("join meets " + Python.type(item));
      }
    }
    return Filters.join(separator, items);
  }

  private static boolean all(String text, IntPredicate test) {
    return !text.isEmpty() && text.codePoints().allMatch(test);
  }

  /** Whether it has letters with case, all of them upper. */
  static boolean isUpper(String text) {
    return !text.equals(text.toLowerCase(Locale.ROOT))
        && text.equals(text.toUpperCase(Locale.ROOT));
  }

  /** Whether it has letters with case, all of them lower. */
  static boolean isLower(String text) {
    return !text.equals(text.toUpperCase(Locale.ROOT))
        && text.equals(text.toLowerCase(Locale.ROOT));
  }
}
