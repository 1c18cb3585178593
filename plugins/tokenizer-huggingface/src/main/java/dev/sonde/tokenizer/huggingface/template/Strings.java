package dev.sonde.tokenizer.huggingface.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** What Python's methods make of texts; places are counted in characters, not in UTF-16 units. */
final class Strings {
  private Strings() {}

  static String strip(String text, Arguments arguments, boolean left, boolean right) {
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

  static List<Object> split(String text, Arguments arguments) {
    int most = arguments.integer(1, "maxsplit", -1);
    if (!(arguments.find(0, "sep").orElse(None.NONE) instanceof String separator)) {
      return words(text, most);
    }
    requireSeparator(separator);
    List<Object> parts = new ArrayList<>();
    int start = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && (most < 0 || parts.size() < most);
        at = text.indexOf(separator, start)) {
      parts.add(text.substring(start, at));
      start = at + separator.length();
    }
    parts.add(text.substring(start));
    return parts;
  }

  /** The parts between blanks; behind the last cut the rest with the blanks in it. */
  private static List<Object> words(String text, int most) {
    List<Object> words = new ArrayList<>();
    String rest = strip(text, Python::isSpace, true, false);
    while (!rest.isEmpty() && (most < 0 || words.size() < most)) {
      int end = 0;
      while (end < rest.length() && !Python.isSpace(rest.charAt(end))) {
        end++;
      }
      words.add(rest.substring(0, end));
      rest = strip(rest.substring(end), Python::isSpace, true, false);
    }
    if (!rest.isEmpty()) {
      words.add(rest);
    }
    return words;
  }

  static List<Object> splitFromRight(String text, Arguments arguments) {
    int most = arguments.integer(1, "maxsplit", -1);
    List<Object> parts = new ArrayList<>();
    String rest = text;
    if (!(arguments.find(0, "sep").orElse(None.NONE) instanceof String separator)) {
      rest = strip(rest, Python::isSpace, false, true);
      while (!rest.isEmpty() && (most < 0 || parts.size() < most)) {
        int start = rest.length();
        while (start > 0 && !Python.isSpace(rest.charAt(start - 1))) {
          start--;
        }
        parts.addFirst(rest.substring(start));
        rest = strip(rest.substring(0, start), Python::isSpace, false, true);
      }
      if (!rest.isEmpty()) {
        parts.addFirst(rest);
      }
      return parts;
    }
    requireSeparator(separator);
    for (int at = rest.lastIndexOf(separator);
        at >= 0 && (most < 0 || parts.size() < most);
        at = rest.lastIndexOf(separator)) {
      parts.addFirst(rest.substring(at + separator.length()));
      rest = rest.substring(0, at);
    }
    parts.addFirst(rest);
    return parts;
  }

  /** What stands before, at and behind a separator. */
  static Tuple partition(String text, String separator, boolean last) {
    requireSeparator(separator);
    int at = last ? text.lastIndexOf(separator) : text.indexOf(separator);
    if (at < 0) {
      return new Tuple(last ? List.of("", "", text) : List.of(text, "", ""));
    }
    return new Tuple(
        List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
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
    StringBuilder replaced = new StringBuilder();
    int start = 0;
    int done = 0;
    while (count < 0 || done < count) {
      int at = old.isEmpty() ? (done == 0 ? 0 : next(text, start)) : text.indexOf(old, start);
      if (at < 0) {
        break;
      }
      append(replaced, text.substring(start, at));
      append(replaced, with);
      start = at + old.length();
      done++;
    }
    return append(replaced, text.substring(start)).toString();
  }

  /** The place behind a character; -1 behind the last. */
  private static int next(String text, int at) {
    return at == text.length() ? -1 : text.offsetByCodePoints(at, 1);
  }

  /** Appends unless the whole grows too long. */
  static StringBuilder append(StringBuilder whole, String part) {
    return Python.bounded(whole.length() + (double) part.length(), () -> whole.append(part));
  }

  /** Where a part stands; -1 where it does not. */
  static long place(String text, String part, boolean last) {
    int index = last ? text.lastIndexOf(part) : text.indexOf(part);
    return index < 0 ? index : text.codePointCount(0, index);
  }

  static long count(String text, String part) {
    if (part.isEmpty()) {
      return text.codePointCount(0, text.length()) + 1L;
    }
    long count = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
      count++;
    }
    return count;
  }

  /** A text with blanks or another character around it. */
  static String padded(String text, int width, String fill, double before) {
    if (fill.codePointCount(0, fill.length()) != 1) {
      throw new TemplateException("'%s' is not one character".formatted(fill));
    }
    int missing = Math.max(0, width - text.codePointCount(0, text.length()));
    int left = (int) Math.floor(missing * before);
    return Python.bounded(
        text.length() + (double) missing,
        () -> fill.repeat(left) + text + fill.repeat(missing - left));
  }

  /** As CPython centers: an odd blank goes to the left where the width is odd. */
  static String centered(String text, int width, String fill) {
    int missing = Math.max(0, width - text.codePointCount(0, text.length()));
    int left = missing / 2 + (missing & width & 1);
    return padded(padded(text, width - missing + left, fill, 1), width, fill, 0);
  }

  static String swappedCase(String text) {
    StringBuilder swapped = new StringBuilder();
    text.codePoints()
        .mapToObj(Character::toString)
        .forEach(
            each -> {
              String upper = each.toUpperCase(Locale.ROOT);
              swapped.append(each.equals(upper) ? each.toLowerCase(Locale.ROOT) : upper);
            });
    return swapped.toString();
  }

  static boolean all(String text, IntPredicate test) {
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
