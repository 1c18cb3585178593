package dev.sonde.engine.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/** Comma-separated values with a line of column names (RFC 4180). */
final class CommaSeparated implements DatasetFactory {
  /** What spreadsheets and scripts write in place of commas. */
  private static final Map<String, String> SEPARATORS =
      Map.of(";", "semicolon", "\t", "tab", "|", "bar");

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
    try (BufferedReader text = TextFile.reader(file);
        CsvReader<CsvRecord> reader =
            CsvReader.builder()
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)) {
      List<String> header = List.of();
      for (CsvRecord line : reader) {
        if (header.isEmpty()) {
          header = header(file, line);
        } else {
          rows.accept(new Row((int) line.getStartingLineNumber(), columns(file, header, line)));
        }
      }
    } catch (UncheckedIOException e) {
      throw unreadable(file, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unreadable(file, e);
    } catch (CsvParseException e) {
      throw e.getCause() instanceof IOException cause
          ? unreadable(file, cause)
          : new InvalidInputException(file + ": cannot be read as CSV: " + e.getMessage(), e);
    } catch (FormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    }
  }

  private static InvalidInputException unreadable(Path file, IOException e) {
    return e instanceof CharacterCodingException
        ? new InvalidInputException(String.valueOf(TextFile.malformed(file, e).getMessage()), e)
        : new InvalidInputException(file + ": cannot be read as CSV: " + e.getMessage(), e);
  }

  /** The names of the columns, each once; those without a name are not told apart. */
  private static List<String> header(Path file, CsvRecord line) {
    List<String> header = List.copyOf(line.getFields());
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i);
      int first = header.indexOf(name);
      if (first < i && !name.isEmpty()) {
        throw new InvalidInputException(
            "%s:%d: columns %d and %d are both called '%s'; rename one of them"
                .formatted(file, line.getStartingLineNumber(), first + 1, i + 1, name));
      }
    }
    if (header.size() == 1) {
      SEPARATORS.forEach(
          (separator, name) -> {
            if (header.getFirst().contains(separator)) {
              throw new InvalidInputException(
                  "%s:%d: the columns are separated by %ss, not by commas: %s; save the file with commas (pandas: to_csv(sep=\",\")), or as JSONL"
                      .formatted(file, line.getStartingLineNumber(), name, header.getFirst()));
            }
          });
    }
    return header;
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
        columns.putIfAbsent(header.get(i), line.getField(i));
      }
    }
    return columns;
  }
}
