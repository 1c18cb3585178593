package dev.sonde.dataset.parquet;

import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Parquet files, as data sets of the Hugging Face hub come. A row's line is its number, from 1;
 * what is null is a column that the row does not have.
 */
final class ParquetFiles implements DatasetFactory {
  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public String summary() {
    return "Parquet files, compressed with snappy, zstd, gzip or not at all";
  }

  @Override
  public boolean reads(Path file) {
    return file.toString().endsWith(".parquet");
  }

  @Override
  public void read(Path file, Consumer<Row> rows) {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(file + ": there is no such file");
    }
    int row = 0;
    try (ParquetFileReader reader = ParquetFileReader.open(InputFile.of(file));
        RowReader values = reader.rowReader()) {
      while (values.hasNext()) {
        values.next();
        row++;
        if (row == 1) {
          requireNamesOnce(file, values);
        }
        rows.accept(new Row(row, columns(file, row, values)));
      }
    } catch (InvalidInputException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The library throws whatever it runs into where a file is cut off or made up.
      throw new InvalidInputException(
          "%s: cannot be read as Parquet%s: %s"
              .formatted(file, row == 0 ? "" : " behind row " + row, reason(e)),
          e);
    }
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private static void requireNamesOnce(Path file, RowReader values) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < values.getFieldCount(); i++) {
      if (!names.add(values.getFieldName(i))) {
        throw new InvalidInputException(
            "%s: two columns are called '%s'; rename one of them"
                .formatted(file, values.getFieldName(i)));
      }
    }
  }

  private static Map<String, Object> columns(Path file, int row, RowReader values) {
    Map<String, Object> columns = new LinkedHashMap<>();
    for (int i = 0; i < values.getFieldCount(); i++) {
      String column = values.getFieldName(i);
      try {
        Values.of(values, i).ifPresent(value -> columns.put(column, value));
      } catch (MalformedTextException e) {
        throw new InvalidInputException(
            "%s:%d: column '%s' is not UTF-8 text".formatted(file, row, column), e);
      }
    }
    return columns;
  }
}
