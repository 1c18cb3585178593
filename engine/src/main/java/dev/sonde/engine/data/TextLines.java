package dev.sonde.engine.data;

import dev.sonde.api.InvalidInputException;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.TextFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/** Reads a UTF-8 file line by line; what cannot be read is an input that names the file. */
final class TextLines {
  private TextLines() {}

  /** Takes a line. */
  interface Taker {
    /**
     * Takes one.
     *
     * @param number counted from 1
     */
    void line(int number, String text);
  }

  /**
   * Hands over all lines in order.
   *
   * @throws InvalidInputException if the file cannot be read
   */
  static void read(Path file, Taker taker) {
    try (BufferedReader reader = TextFile.reader(file)) {
      int line = 0;
      for (String text = reader.readLine(); text != null; text = reader.readLine()) {
        line++;
        taker.line(line, text);
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
