package dev.sonde.engine.host;

import dev.sonde.engine.plugin.NearestNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is said of a file that is not there: its folder may hold one of nearly that name. */
public final class MissingFile {
  private MissingFile() {}

  /** The message, with what may have been meant. */
  public static String message(Path file) {
    return file + ": there is no such file" + hint(file);
  }

  /** What may have been meant, behind a semicolon; nothing where no name is near. */
  public static String hint(Path file) {
    String wanted = String.valueOf(file.getFileName());
    Path folder = file.toAbsolutePath().resolveSibling("");
    try (Stream<Path> entries = Files.list(folder)) {
      List<String> near =
          NearestNames.near(wanted, entries.map(e -> String.valueOf(e.getFileName())).toList());
      return near.isEmpty() ? "" : "; did you mean " + String.join(" or ", near) + "?";
    } catch (IOException e) {
      return Files.exists(folder) ? "" : "; there is no folder " + folder;
    }
  }
}
