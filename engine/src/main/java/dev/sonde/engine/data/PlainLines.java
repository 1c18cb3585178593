package dev.sonde.engine.data;

import dev.sonde.api.data.DatasetFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** A text a line, in the column {@code text}; empty lines are left out. */
final class PlainLines implements DatasetFactory {
  static final String COLUMN = "text";

  @Override
  public String name() {
    return "text";
  }

  @Override
  public String summary() {
    return "one text per line";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".txt");
  }

  @Override
  public void read(Path file, Consumer<Row> rows) {
    TextLines.read(
        file,
        (line, text) -> {
          if (!text.isEmpty()) {
            rows.accept(new Row(line, Map.of(COLUMN, text)));
          }
        });
  }
}
