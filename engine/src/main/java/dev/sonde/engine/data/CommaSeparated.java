package dev.sonde.engine.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Comma-separated values with a line of column names (RFC 4180). */
final class CommaSeparated implements DatasetFactory {
  @Override
  public String name() {
    return "csv";
  }

  @Override
  public String summary() {
    return "comma-separated values with a header line";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".csv");
  }

  @Override
  public void read(Path file, Consumer<Row> rows) {
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(file)) {
      List<String> header = List.of();
      for (CsvRecord line : reader) {
        if (header.isEmpty()) {
          header = List.copyOf(line.getFields());
        } else {
          rows.accept(new Row((int) line.getStartingLineNumber(), columns(file, header, line)));
        }
      }
    } catch (CsvParseException | UncheckedIOException | IOException e) {
      throw new InvalidInputException(file + ": cannot be read as CSV: " + e.getMessage(), e);
    }
  }

  private static Map<String, Object> columns(Path file, List<String> header, CsvRecord line) {
    if (line.getFieldCount() != header.size()) {
      throw new InvalidInputException(
          "%s:%d: has %d fields, the header has %d"
              .formatted(file, line.getStartingLineNumber(), line.getFieldCount(), header.size()));
    }
    Map<String, Object> columns = new LinkedHashMap<>();
    for (int i = 0; i < header.size(); i++) {
      if (!line.getField(i).isEmpty()) {
        columns.put(header.get(i), line.getField(i));
      }
    }
    return columns;
  }
}
