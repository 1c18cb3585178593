package dev.sonde.tokenizer.huggingface.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Python's values as plain Java ones ({@link String}, {@link Long}, {@link Double}, {@link
 * Boolean}, {@link List}, {@link Tuple}, {@link Map}, {@link None}, {@link Undefined}) and what its
 * operators make of them.
 */
final class Python {
  /** Texts and lists that grow longer end the rendering. */
  static final int LONGEST = 16 << 20;

  private Python() {}

  /** JSON, as maps and lists that may hold null, as values. */
  static Object fromJson(@Nullable Object json) {
    return switch (json) {
      case null -> None.NONE;
      case Map<?, ?> map -> {
        Map<Object, Object> items = new LinkedHashMap<>();
        map.forEach((key, item) -> items.put(String.valueOf(key), fromJson(item)));
        yield items;
      }
      case List<?> list -> {
        List<Object> items = new ArrayList<>();
        list.forEach(item -> items.add(fromJson(item)));
        yield items;
      }
      case Integer number -> number.longValue();
      case Float number -> number.doubleValue();
      case String text -> text;
      case Long number -> number;
      case Double number -> number;
      case BigInteger number -> number;
      case Boolean truth -> truth;
      default -> throw new TemplateException("a value is a " + json.getClass().getName());
    };
  }

  static boolean truth(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case String text -> !text.isEmpty();
      case Number number -> number.doubleValue() != 0;
      case List<?> list -> !list.isEmpty();
      case Map<?, ?> map -> !map.isEmpty();
      case View view -> !view.items().isEmpty();
      case None none -> false;
      case Undefined undefined -> false;
      default -> true;
    };
  }

  static boolean equal(Object left, Object right) {
    if (isNumber(left) && isNumber(right)) {
      return anyReal(left, right) ? real(left) == real(right) : whole(left) == whole(right);
    }
    return switch (left) {
      case Tuple tuple -> right instanceof Tuple other && equalItems(tuple, other);
      case List<?> list ->
          !(right instanceof Tuple) && right instanceof List<?> other && equalItems(list, other);
      case Map<?, ?> map -> right instanceof Map<?, ?> other && equalEntries(map, other);
      default -> left.equals(right);
    };
  }

  private static boolean equalItems(List<?> left, List<?> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!equal(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalEntries(Map<?, ?> left, Map<?, ?> right) {
    return left.size() == right.size()
        && left.entrySet().stream()
            .allMatch(
                e -> {
                  Object other = right.get(e.getKey());
                  return other != null && equal(e.getValue(), other);
                });
  }

  /** Negative, zero or positive as left is less than, equal to or greater than right. */
  static int compare(Object left, Object right) {
    if (isNumber(left) && isNumber(right)) {
      return anyReal(left, right)
          ? Double.compare(real(left), real(right))
          : Long.compare(whole(left), whole(right));
    }
    if (left instanceof String a && right instanceof String b) {
      return compareTexts(a, b);
    }
    if (left instanceof List<?> a
        && right instanceof List<?> b
        && (left instanceof Tuple) == (right instanceof Tuple)) {
      for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
        if (!equal(a.get(i), b.get(i))) {
          return compare(a.get(i), b.get(i));
        }
      }
      return Integer.compare(a.size(), b.size());
    }
    throw operands("'<'", left, right);
  }

  /** By code points, not by UTF-16 units. */
  private static int compareTexts(String left, String right) {
    int[] a = left.codePoints().toArray();
    int[] b = right.codePoints().toArray();
    return Arrays.compare(a, b);
  }

  /** An operator meets values it does not work on. */
  static TemplateException operands(String operator, Object left, Object right) {
    for (Object value : List.of(left, right)) {
      if (value instanceof Undefined undefined) {
        return undefined.error();
      }
    }
    return new TemplateException(
        "%s does not work on %s and %s".formatted(operator, type(left), type(right)));
  }

  /** The {@code in} operator. */
  static boolean contains(Object container, Object item) {
    return switch (container) {
      case String text when item instanceof String part -> text.contains(part);
      case Map<?, ?> map -> map.containsKey(item);
      case List<?> list -> list.stream().anyMatch(each -> equal(each, item));
      case View view -> view.items().stream().anyMatch(each -> equal(each, item));
      case Lazy lazy -> lazy.takeUpTo(item);
      case Undefined undefined -> false;
      default -> throw operands("'in'", item, container);
    };
  }

  /** What a loop runs over. */
  static List<Object> iterable(Object value) {
    return switch (value) {
      case List<?> list -> new ArrayList<>(list);
      case Map<?, ?> map -> new ArrayList<>(map.keySet());
      case View view -> new ArrayList<>(view.items());
      case Lazy lazy -> lazy.rest();
      case String text ->
          text.codePoints().<Object>mapToObj(Character::toString).collect(Collectors.toList());
      case Undefined undefined -> List.of();
      default -> throw new TemplateException(type(value) + " is not iterable");
    };
  }

  static long length(Object value) {
    return switch (value) {
      case String text -> text.codePointCount(0, text.length());
      case List<?> list -> list.size();
      case Map<?, ?> map -> map.size();
      case View view -> view.items().size();
      case Undefined undefined -> 0;
      default -> throw new TemplateException(type(value) + " has no length");
    };
  }

  /** {@code value[key]}; undefined where there is none. */
  static Object item(Object value, Object key) {
    return switch (value) {
      case Undefined undefined -> throw undefined.error();
      case Map<?, ?> map -> {
        Object found = map.get(key);
        yield found == null ? Methods.of(value, key) : found;
      }
      case List<?> list when isWhole(key) -> at(list, whole(key));
      case String text when isWhole(key) -> at(iterable(text), whole(key));
      default -> Methods.of(value, key);
    };
  }

  private static Object at(List<?> list, long index) {
    long place = index < 0 ? index + list.size() : index;
    return place >= 0 && place < list.size()
        ? list.get((int) place)
        : new Undefined("there is no item " + index);
  }

  /** {@code value.name}; undefined where there is none. */
  static Object attribute(Object value, String name) {
    if (value instanceof Undefined undefined) {
      throw undefined.error();
    }
    Object method = Methods.of(value, name);
    if (method instanceof Undefined && value instanceof Map<?, ?> map) {
      Object found = map.get(name);
      return found == null ? method : found;
    }
    return method;
  }

  /** {@code value[start:stop:step]}; None where a part is left out. */
  static Object slice(Object value, Object start, Object stop, Object step) {
    List<Object> items =
        switch (value) {
          case List<?> list -> new ArrayList<>(list);
          case String text -> iterable(text);
          case Undefined undefined -> throw undefined.error();
          default -> throw new TemplateException(type(value) + " cannot be sliced");
        };
    long by = step == None.NONE ? 1 : integer(step);
    if (by == 0) {
      throw new TemplateException("a slice's step is zero");
    }
    int size = items.size();
    long from = start == None.NONE ? (by > 0 ? 0 : size - 1) : bound(integer(start), size, by);
    long to = stop == None.NONE ? (by > 0 ? size : -1) : bound(integer(stop), size, by);
    List<Object> taken = new ArrayList<>();
    for (long i = from; by > 0 ? i < to : i > to; i += by) {
      taken.add(items.get((int) i));
    }
    return switch (value) {
      case String text -> taken.stream().map(PrintedText::of).collect(Collectors.joining());
      case Tuple tuple -> new Tuple(taken);
      default -> taken;
    };
  }

  static long bound(long index, long size, long step) {
    long place = index < 0 ? index + size : index;
    return step > 0 ? Math.clamp(place, 0L, size) : Math.clamp(place, -1L, size - 1);
  }

  static boolean isWhole(Object value) {
    return value instanceof Long || value instanceof Boolean || value instanceof BigInteger;
  }

  static boolean isNumber(Object value) {
    return value instanceof Double || isWhole(value);
  }

  static boolean anyReal(Object left, Object right) {
    return left instanceof Double || right instanceof Double;
  }

  static double real(Object value) {
    return value instanceof Double number ? number : (double) whole(value);
  }

  static long whole(Object value) {
    return switch (value) {
      case Long number -> number;
      case Boolean truth -> truth ? 1 : 0;
      case BigInteger number -> throw TemplateException.unsupported("counting with " + number);
      default -> throw new TemplateException(type(value) + " is no whole number");
    };
  }

  /** A whole number of the size of an index. */
  static int integer(Object value) {
    return Math.clamp(whole(value), Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** The name of a value's type, for messages. */
  static String type(Object value) {
    return switch (value) {
      case String text -> "a text";
      case Boolean truth -> "a boolean";
      case Number number -> "a number";
      case Tuple tuple -> "a tuple";
      case List<?> list -> "a list";
      case Map<?, ?> map -> "a mapping";
      case None none -> "none";
      case Undefined undefined -> "an undefined value";
      case View view -> "a view of a mapping";
      case Lazy lazy -> "a generator";
      case Namespace namespace -> "a namespace";
      case TemplateReference self -> "'self'";
      default -> "a function";
    };
  }

  /** Makes a text or list that is not too long. */
  static <T> T bounded(double length, Supplier<T> make) {
    if (length > LONGEST) {
      throw new TemplateException("a text or list grows longer than " + LONGEST);
    }
    return make.get();
  }

  /** Whether Python's {@code strip()} takes it away. */
  static boolean isSpace(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point) || point == 0x85;
  }
}
