package dev.sonde.api.data;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.Extension;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Reads a file format of data sets. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface DatasetFactory extends Extension {
  /** Whether a file of that name is in this format. */
  boolean reads(Path file);

  /**
   * Reads the rows in order.
   *
   * @throws dev.sonde.api.InvalidInputException naming file and line where a row is malformed
   */
  void read(Path file, Consumer<Row> rows);

  /**
   * One row.
   *
   * @param line 1-based line on which it begins, for messages
   * @param columns column name to value: text, number, boolean, or lists and maps of these
   */
  record Row(int line, Map<String, Object> columns) {
    /** A row with its columns copied in order. */
    public Row {
      columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }
  }
}
