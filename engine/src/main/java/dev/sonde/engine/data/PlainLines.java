package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.DatasetFactory;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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
    try (BufferedReader reader = TextFile.reader(file)) {
      int line = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        if (!text.isEmpty()) {
          rows.accept(new Row(line, Map.of(COLUMN, text)));
        }
      }
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(String.valueOf(TextFile.malformed(file, e).getMessage()), e);
    } catch (FormatException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }
}
