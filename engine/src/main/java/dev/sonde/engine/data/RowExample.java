package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory.Row;
import dev.sonde.api.data.Example;
import dev.sonde.engine.plugin.NearestNames;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A row of a file as an example. */
record RowExample(Path file, Row row, String id, String text) implements Example {
  @Override
  public boolean has(String column) {
    return row.columns().containsKey(column);
  }

  @Override
  public Set<String> columns() {
    return row.columns().keySet();
  }

  @Override
  public String text(String column) {
    return text(file, row, column);
  }

  static String text(Path file, Row row, String column) {
    Object value = value(file, row, column);
    if (value instanceof List<?> || value instanceof Map<?, ?>) {
      throw problem(file, row, "column '" + column + "' is not a single value");
    }
    return String.valueOf(value);
  }

  @Override
  public Optional<Double> number(String column) {
    if (!has(column)) {
      return Optional.empty();
    }
    if (value(file, row, column) instanceof Number number) {
      return Optional.of(number.doubleValue());
    }
    try {
      return Optional.of(Double.valueOf(text(column)));
    } catch (NumberFormatException e) {
      throw problem(file, row, "column '%s' is no number: %s".formatted(column, text(column)));
    }
  }

  @Override
  public List<String> texts(String column) {
    if (value(file, row, column) instanceof List<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    throw problem(file, row, "column '" + column + "' is not a list");
  }

  private static Object value(Path file, Row row, String column) {
    Object value = row.columns().get(column);
    if (value == null) {
      throw problem(
          file,
          row,
          "there is no column '%s'; %s"
              .formatted(column, NearestNames.hint(column, row.columns().keySet())));
    }
    return value;
  }

  static InvalidInputException problem(Path file, Row row, String what) {
    return new InvalidInputException("%s:%d: %s".formatted(file, row.line(), what));
  }
}
