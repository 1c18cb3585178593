package dev.sonde.engine.evaluate;

import dev.sonde.api.data.Example;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A row that has a text and perhaps columns. */
public record TextOnly(String id, String text, Map<String, String> values) implements Example {
  /** A row without columns. */
  public TextOnly(String id, String text) {
    this(id, text, Map.of());
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
    String value = values.get(column);
    if (value == null) {
      throw new IllegalArgumentException(column);
    }
    return value;
  }

  @Override
  public Optional<Double> number(String column) {
    return Optional.empty();
  }

  @Override
  public List<String> texts(String column) {
    return List.of(text(column));
  }
}
