package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory.Row;
import dev.sonde.engine.plugin.NearestNames;
import dev.sonde.formats.WellFormed;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The columns of a row; what is missing or of another kind is refused by file and line. */
record Columns(Path file, Row row) {
  boolean has(String column) {
    return row.columns().containsKey(column);
  }

  /** The same row with further columns. */
  Columns with(Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(row.columns());
    all.putAll(more);
    return new Columns(file, new Row(row.line(), all));
  }

  Set<String> names() {
    return row.columns().keySet();
  }

  String text(String column) {
    Object value = value(column);
    if (value instanceof List<?> || value instanceof Map<?, ?>) {
      throw problem("column '" + column + "' is not a single value");
    }
    return String.valueOf(value);
  }

  Optional<Double> number(String column) {
    if (!has(column)) {
      return Optional.empty();
    }
    if (value(column) instanceof Number number) {
      return Optional.of(number.doubleValue());
    }
    try {
      return Optional.of(Double.valueOf(text(column)));
    } catch (NumberFormatException e) {
      throw problem("column '%s' is no number: %s".formatted(column, text(column)));
    }
  }

  /** A list of texts; a single value is a list of one. */
  List<String> texts(String column) {
    if (!(value(column) instanceof List<?> list)) {
      return List.of(text(column));
    }
    if (list.stream()
        .anyMatch(item -> item == null || item instanceof List || item instanceof Map)) {
      throw problem(
          "column '"
              + column
              + "' is a list that holds null, lists or objects; texts are read from it");
    }
    return list.stream().map(String::valueOf).toList();
  }

  List<?> list(String column) {
    if (value(column) instanceof List<?> list) {
      return list;
    }
    throw problem("column '" + column + "' is not a list");
  }

  private Object value(String column) {
    Object value = row.columns().get(column);
    if (value == null) {
      throw problem(
          "there is no column '%s'; %s".formatted(column, NearestNames.hint(column, names())));
    }
    requireWellFormed(column, value);
    return value;
  }

  /** What is fed must be what stands in the file, and half a character cannot be fed. */
  private void requireWellFormed(String column, Object value) {
    switch (value) {
      case String text ->
          WellFormed.firstHalf(text)
              .ifPresent(
                  at -> {
                    throw problem(
                        "column '%s' holds half a surrogate pair (\\u%04x at character %d): the text was cut inside of a character; mend it or leave the row out"
                            .formatted(
                                column, (int) text.charAt(at), text.codePointCount(0, at) + 1));
                  });
      case List<?> list ->
          list.stream().filter(Objects::nonNull).forEach(item -> requireWellFormed(column, item));
      case Map<?, ?> map ->
          map.values().stream()
              .filter(Objects::nonNull)
              .forEach(item -> requireWellFormed(column, item));
      default -> {}
    }
  }

  InvalidInputException problem(String what) {
    return new InvalidInputException("%s:%d: %s".formatted(file, row.line(), what));
  }
}
