package dev.sonde.formats.huggingface;

import dev.sonde.formats.FormatException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Typed reading of a JSON object; every error names file and field. */
final class Fields {
  private final Path file;
  private final Map<String, Object> map;

  Fields(Path file, Map<String, Object> map) {
    this.file = file;
    this.map = map;
  }

  boolean isEmpty() {
    return map.isEmpty();
  }

  boolean has(String field) {
    return map.containsKey(field);
  }

  String text(String field, String absent) {
    return switch (map.get(field)) {
      case null -> absent;
      case String text -> text;
      default -> throw problem(field, "is not a text");
    };
  }

  int integer(String field) {
    return optionalInteger(field)
        .orElseThrow(() -> new FormatException(file, "field '" + field + "' is missing"));
  }

  int integer(String field, int absent) {
    return optionalInteger(field).orElse(absent);
  }

  /** A whole number from 1 to a bound. */
  int size(String field, int most) {
    return within(field, integer(field), most);
  }

  /** The same with a value where the file has none. */
  int size(String field, int absent, int most) {
    return within(field, integer(field, absent), most);
  }

  private int within(String field, int size, int most) {
    if (size < 1 || size > most) {
      throw problem(field, "is not from 1 to " + most);
    }
    return size;
  }

  private Optional<Integer> optionalInteger(String field) {
    return switch (map.get(field)) {
      case null -> Optional.empty();
      case Long number when number >= 0 && number <= Integer.MAX_VALUE ->
          Optional.of(number.intValue());
      default -> throw problem(field, "is not a whole number from 0 to 2^31-1");
    };
  }

  double real(String field, double absent) {
    return map.get(field) == null ? absent : real(field);
  }

  double real(String field) {
    return switch (map.get(field)) {
      case Long number -> number;
      case Double number -> number;
      case null, default -> throw problem(field, "is not a number");
    };
  }

  boolean flag(String field, boolean absent) {
    return switch (map.get(field)) {
      case null -> absent;
      case Boolean flag -> flag;
      default -> throw problem(field, "is not true or false");
    };
  }

  /** A whole number or a list of them. */
  int[] integers(String field) {
    Object value = map.get(field);
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

  /** A list of numbers; empty if it is absent. */
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

  /** A list of texts; empty if it is absent. */
  List<String> texts(String field) {
    return list(field).stream().map(String::valueOf).toList();
  }

  private List<?> list(String field) {
    return switch (map.get(field)) {
      case null -> List.of();
      case List<?> list -> list;
      default -> throw problem(field, "is not a list");
    };
  }

  /** The same fields, some under further names and with values where the file has none. */
  Fields with(Map<String, String> names, Map<String, Object> absent) {
    Map<String, Object> all = new HashMap<>(absent);
    all.putAll(map);
    names.forEach(
        (usual, own) -> Optional.ofNullable(map.get(own)).ifPresent(v -> all.put(usual, v)));
    return new Fields(file, all);
  }

  Optional<Fields> object(String field) {
    return switch (map.get(field)) {
      case null -> Optional.empty();
      case Map<?, ?> nested -> {
        @SuppressWarnings("unchecked")
        Map<String, Object> typed = (Map<String, Object>) nested;
        yield Optional.of(new Fields(file, typed));
      }
      default -> throw problem(field, "is not an object");
    };
  }

  FormatException problem(String field, String what) {
    return new FormatException(file, "field '%s' (%s) %s".formatted(field, map.get(field), what));
  }
}
