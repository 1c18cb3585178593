package dev.sonde.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of a JSON object by their types; a value that is of another one is an error. */
record FormFields(Map<String, Object> object) {

  private static WireException wrong(String key, String type, @Nullable Object value) {
    return new WireException(
        value == null ? "'%s' is missing".formatted(key) : "'%s' is no %s".formatted(key, type));
  }

  boolean has(String key) {
    return object.containsKey(key);
  }

  String text(String key) {
    if (object.get(key) instanceof String text) {
      return text;
    }
    throw wrong(key, "text", object.get(key));
  }

  String text(String key, String otherwise) {
    return has(key) ? text(key) : otherwise;
  }

  boolean flag(String key) {
    if (!has(key)) {
      return false;
    }
    if (object.get(key) instanceof Boolean flag) {
      return flag;
    }
    throw wrong(key, "boolean", object.get(key));
  }

  long whole(String key, long otherwise) {
    return has(key) ? whole(key, object.get(key)) : otherwise;
  }

  int integer(String key, int otherwise) {
    return has(key) ? integer(key, object.get(key)) : otherwise;
  }

  int integer(String key) {
    return integer(key, object.get(key));
  }

  private static long whole(String key, @Nullable Object value) {
    if (value instanceof Long number) {
      return number;
    }
    throw wrong(key, "whole number", value);
  }

  private static int integer(String key, @Nullable Object value) {
    long number = whole(key, value);
    if (number != (int) number) {
      throw new WireException("'%s' is %d".formatted(key, number));
    }
    return (int) number;
  }

  double real(String key, double otherwise) {
    return has(key) ? real(key, object.get(key)) : otherwise;
  }

  private static double real(String key, @Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    if (value instanceof String text && Set.of("NaN", "Infinity", "-Infinity").contains(text)) {
      return Double.parseDouble(text);
    }
    throw wrong(key, "number", value);
  }

  /** A number as JSON has it: those that are not finite as texts. */
  static Object real(double value) {
    return Double.isFinite(value) ? (Object) value : String.valueOf(value);
  }

  /** The items of a list; none where it is missing. */
  List<?> list(String key) {
    if (!has(key)) {
      return List.of();
    }
    if (object.get(key) instanceof List<?> list) {
      return list;
    }
    throw wrong(key, "list", object.get(key));
  }

  int[] integers(String key) {
    return list(key).stream().mapToInt(item -> integer(key, item)).toArray();
  }

  long[] wholes(String key) {
    return list(key).stream().mapToLong(item -> whole(key, item)).toArray();
  }

  double[] reals(String key) {
    return list(key).stream().mapToDouble(item -> real(key, item)).toArray();
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof String text)) {
        throw wrong(key, "list of texts", item);
      }
      texts.add(text);
    }
    return texts;
  }

  /** A list of objects. */
  List<FormFields> objects(String key) {
    return list(key).stream().map(item -> of(key, item)).toList();
  }

  /** A list of lists of objects. */
  List<List<FormFields>> objectLists(String key) {
    List<List<FormFields>> lists = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof List<?> inner)) {
        throw wrong(key, "list of lists", item);
      }
      lists.add(inner.stream().map(each -> of(key, each)).toList());
    }
    return lists;
  }

  /** A list of lists of so many whole numbers. */
  List<int[]> tuples(String key, int size) {
    List<int[]> tuples = new ArrayList<>();
    for (Object item : list(key)) {
      if (!(item instanceof List<?> inner) || inner.size() != size) {
        throw wrong(key, "list of lists of " + size + " numbers", item);
      }
      tuples.add(inner.stream().mapToInt(number -> integer(key, number)).toArray());
    }
    return tuples;
  }

  FormFields child(String key) {
    return of(key, object.get(key));
  }

  private static FormFields of(String key, @Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(key, "object", value);
    }
    Map<String, Object> object = new LinkedHashMap<>();
    map.forEach((name, item) -> object.put(String.valueOf(name), item));
    return new FormFields(object);
  }

  /** Whole numbers as JSON has them. */
  static List<Object> list(int... values) {
    List<Object> list = new ArrayList<>(values.length);
    for (int value : values) {
      list.add((long) value);
    }
    return list;
  }
}
