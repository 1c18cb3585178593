package dev.sonde.engine.evaluate;

import dev.sonde.api.data.Example;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A row that has a text and no columns. */
public record TextOnly(String id, String text) implements Example {
  @Override
  public boolean has(String column) {
    return false;
  }

  @Override
  public Set<String> columns() {
    return Set.of();
  }

  @Override
  public String text(String column) {
    throw new IllegalArgumentException(column);
  }

  @Override
  public Optional<Double> number(String column) {
    return Optional.empty();
  }

  @Override
  public List<String> texts(String column) {
    throw new IllegalArgumentException(column);
  }
}
