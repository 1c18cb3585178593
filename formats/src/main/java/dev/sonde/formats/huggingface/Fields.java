package dev.sonde.formats.huggingface;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Typed reading of a JSON object; every error names file and field. What a field is where the file
 * has none is said by whoever asks; null ({@link Json#NONE}) is none, and refused where the field
 * cannot be none. It knows which fields were asked for, so that the others can be told.
 */
final class Fields {
  private final Path file;
  private final String path;
  private final Map<String, Object> map;
  private final Set<String> asked;

  Fields(Path file, Map<String, Object> map) {
    this(file, "", map, new LinkedHashSet<>());
  }

  private Fields(Path file, String path, Map<String, Object> map, Set<String> asked) {
    this.file = file;
    this.path = path;
    this.map = map;
    this.asked = asked;
  }

  private @Nullable Object get(String field) {
    asked.add(path + field);
    Object value = map.get(field);
    return value == Json.NONE ? null : value;
  }

  boolean isEmpty() {
    return map.isEmpty();
  }

  /** Whether the file has the field, null or not. */
  boolean has(String field) {
    asked.add(path + field);
    return map.containsKey(field);
  }

  /** Whether the file says that the field is none. */
  boolean isNone(String field) {
    return has(field) && map.get(field) == Json.NONE;
  }

  boolean isNumber(String field) {
    return get(field) instanceof Number;
  }

  String text(String field, String absent) {
    return switch (get(field)) {
      case null -> unlessNone(field, absent);
      case String text -> text;
      default -> throw problem(field, "is not a text");
    };
  }

  int integer(String field) {
    if (!has(field)) {
      throw new FormatException(file, "field '" + path + field + "' is missing");
    }
    return optionalInteger(field).orElseThrow(() -> none(field));
  }

  int integer(String field, int absent) {
    return has(field) ? integer(field) : absent;
  }

  /** A whole number; empty where there is none. */
  Optional<Integer> optionalInteger(String field) {
    return switch (get(field)) {
      case null -> Optional.empty();
      case Long number when number >= 0 && number <= Integer.MAX_VALUE ->
          Optional.of(number.intValue());
      default -> throw problem(field, "is not a whole number from 0 to 2^31-1");
    };
  }

  /** A whole number that the file may set to none. */
  Optional<Integer> optionalInteger(String field, int absent) {
    return has(field) ? optionalInteger(field) : Optional.of(absent);
  }

  /** A whole number from 1 to a bound. */
  int size(String field, int most) {
    return within(field, integer(field), most);
  }

  /** The same with a value where the file has none. */
  int size(String field, int absent, int most) {
    return within(field, integer(field, absent), most);
  }

  /** The same where none stands for a value too. */
  int sizeOrNone(String field, int absent, int none, int most) {
    return within(field, isNone(field) ? none : integer(field, absent), most);
  }

  private int within(String field, int size, int most) {
    if (size < 1 || size > most) {
      throw problem(field, "is not from 1 to " + most);
    }
    return size;
  }

  double real(String field, double absent) {
    return has(field) ? real(field) : absent;
  }

  double real(String field) {
    if (!has(field)) {
      throw new FormatException(file, "field '" + path + field + "' is missing");
    }
    return optionalReal(field).orElseThrow(() -> none(field));
  }

  /** A number; empty where there is none. */
  Optional<Double> optionalReal(String field) {
    return switch (get(field)) {
      case null -> Optional.empty();
      case Long number -> Optional.of((double) number);
      case Double number when Double.isFinite(number) -> Optional.of(number);
      default -> throw problem(field, "is not a number");
    };
  }

  /** A number that the file may set to none. */
  Optional<Double> optionalReal(String field, double absent) {
    return has(field) ? optionalReal(field) : Optional.of(absent);
  }

  boolean flag(String field, boolean absent) {
    return switch (get(field)) {
      case null -> unlessNone(field, absent);
      case Boolean flag -> flag;
      default -> throw problem(field, "is not true or false");
    };
  }

  /** A flag that none switches off. */
  boolean flagOrNone(String field, boolean absent) {
    return !isNone(field) && flag(field, absent);
  }

  /** A whole number or a list of them. */
  int[] integers(String field) {
    Object value = get(field);
    List<?> list =
        value instanceof List<?> many ? many : value == null ? List.of() : List.of(value);
    return list.stream()
        .mapToInt(
            item -> {
              if (item instanceof Long number && number.intValue() == number) {
                return number.intValue();
              }
              throw problem(field, "holds " + item);
            })
        .toArray();
  }

  /** A list of numbers; empty if there is none. */
  double[] reals(String field) {
    return list(field).stream()
        .mapToDouble(
            item -> {
              if (item instanceof Number number) {
                return number.doubleValue();
              }
              throw problem(field, "holds " + item);
            })
        .toArray();
  }

  /** A list of texts; empty if there is none. */
  List<String> texts(String field) {
    return list(field).stream().map(String::valueOf).toList();
  }

  List<?> list(String field) {
    return switch (get(field)) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw problem(field, "is not a list");
    };
  }

  /** The same fields, some under further names and with values where the file has none. */
  Fields with(Map<String, String> names, Map<String, ?> absent) {
    Map<String, Object> all = new HashMap<>(absent);
    all.putAll(map);
    names.forEach(
        (usual, own) -> {
          asked.add(path + own);
          if (map.containsKey(own)) {
            all.put(usual, map.get(own));
          }
        });
    return new Fields(file, path, all, asked);
  }

  /** The same fields without some. */
  Fields without(String... fields) {
    Map<String, Object> fewer = new HashMap<>(map);
    for (String field : fields) {
      fewer.remove(field);
      asked.add(path + field);
    }
    return new Fields(file, path, fewer, asked);
  }

  Optional<Fields> object(String field) {
    return switch (get(field)) {
      case null -> Optional.empty();
      case Map<?, ?> nested -> {
        @SuppressWarnings("unchecked")
        Map<String, Object> typed = (Map<String, Object>) nested;
        yield Optional.of(new Fields(file, path + field + ".", typed, asked));
      }
      default -> throw problem(field, "is not an object");
    };
  }

  /** Says that a field's value does not matter. */
  void pass(String field) {
    asked.add(path + field);
  }

  /**
   * The fields that nobody has asked for, with their values, those of objects under {@code
   * object.field}.
   */
  Map<String, Object> unasked() {
    Map<String, Object> rest = new LinkedHashMap<>();
    collect(path, map, rest);
    return rest;
  }

  private void collect(String prefix, Map<?, ?> object, Map<String, Object> rest) {
    object.forEach(
        (key, value) -> {
          String name = prefix + key;
          boolean looked = asked.stream().anyMatch(field -> field.startsWith(name + "."));
          if (value instanceof Map<?, ?> nested && looked) {
            collect(name + ".", nested, rest);
          } else if (!asked.contains(name)) {
            rest.put(name, value);
          }
        });
  }

  /** The names of all fields. */
  List<String> names() {
    return new ArrayList<>(map.keySet());
  }

  private <T> T unlessNone(String field, T absent) {
    if (map.containsKey(field)) {
      throw none(field);
    }
    return absent;
  }

  private FormatException none(String field) {
    return problem(field, "is none, which it cannot be");
  }

  FormatException problem(String field, String what) {
    return new FormatException(
        file, "field '%s' (%s) %s".formatted(path + field, map.get(field), what));
  }

  /** The file that they are of. */
  Path file() {
    return file;
  }
}
