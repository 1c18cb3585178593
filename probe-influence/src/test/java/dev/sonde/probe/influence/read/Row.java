package dev.sonde.probe.influence.read;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A row with some columns. */
public record Row(String id, String text, Map<String, List<String>> values) implements Example {

  /** A row that has nothing but an id. */
  public static Row of(String id) {
    return new Row(id, id, Map.of());
  }

  /** A row with a column of one value. */
  public static Row of(String id, String text, String column, String value) {
    return new Row(id, text, Map.of(column, List.of(value)));
  }

  @Override
  public boolean has(String column) {
    return values.containsKey(column);
  }

  @Override
  public Set<String> columns() {
    return values.keySet();
  }

  @Override
  public String text(String column) {
    return texts(column).getFirst();
  }

  @Override
  public Optional<Double> number(String column) {
    return Optional.of(Double.valueOf(text(column)));
  }

  @Override
  public List<String> texts(String column) {
    return Optional.ofNullable(values.get(column))
        .orElseThrow(() -> new InvalidInputException(column));
  }
}
