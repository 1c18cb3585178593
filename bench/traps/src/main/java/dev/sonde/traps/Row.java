package dev.sonde.traps;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A planted row. */
record Row(String id, String text, Map<String, String> values) implements Example {
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
      throw new InvalidInputException("row %s has no column '%s'".formatted(id, column));
    }
    return value;
  }

  @Override
  public Optional<Double> number(String column) {
    return has(column) ? Optional.of(Double.valueOf(text(column))) : Optional.empty();
  }

  @Override
  public List<String> texts(String column) {
    return List.of(text(column).split(" "));
  }
}
