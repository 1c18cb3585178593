package dev.sonde.engine.data;

import dev.sonde.api.data.Example;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A row of a file as an example.
 *
 * @param specialTokens whether the tokenizer adds its special tokens to the text
 */
record RowExample(Columns row, String id, String text, boolean specialTokens) implements Example {
  @Override
  public boolean has(String column) {
    return row.has(column);
  }

  @Override
  public Set<String> columns() {
    return row.names();
  }

  @Override
  public String text(String column) {
    return row.text(column);
  }

  @Override
  public Optional<Double> number(String column) {
    return row.number(column);
  }

  @Override
  public List<String> texts(String column) {
    return row.texts(column);
  }
}
