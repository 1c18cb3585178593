package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The folder of a run. Every file appears under its name only when it is complete. */
public final class RunFolder {
  /** The experiment with defaults and absolute paths. */
  static final String EXPERIMENT = "experiment.yaml";

  static final String REPORT = "report.json";
  static final String MANIFEST = "manifest.json";

  /** Files that differ between two runs of the same experiment. */
  static final Set<String> OUTSIDE_COMPARISON = Set.of("timing.json", "log", "journal.jsonl");

  private final Path path;

  private RunFolder(Path path) {
    this.path = path;
  }

  /**
   * Creates the folder.
   *
   * @param overwrite whether files in it may be removed
   * @throws InvalidInputException if it is not empty, or cannot be written
   */
  static RunFolder create(Path path, boolean overwrite) {
    RunFolder folder = new RunFolder(path);
    try {
      if (Files.exists(path) && !folder.files().isEmpty()) {
        if (!overwrite) {
          throw new InvalidInputException(
              "%s is not empty; go on with 'sonde resume %s', or use --overwrite"
                  .formatted(path, path));
        }
        if (!Files.exists(path.resolve(EXPERIMENT))) {
          throw new InvalidInputException(
              path + " holds files but no run; --overwrite removes runs only");
        }
        folder.clear();
      }
      Files.createDirectories(path.resolve("artifacts"));
    } catch (IOException e) {
      throw folder.unwritable(e);
    }
    return folder;
  }

  /**
   * Opens the folder of a run that was begun.
   *
   * @throws InvalidInputException if it is none
   */
  public static RunFolder open(Path path) {
    if (!Files.exists(path.resolve(EXPERIMENT))) {
      throw new InvalidInputException(
          "%s is not the folder of a run: it has no %s".formatted(path, EXPERIMENT));
    }
    return new RunFolder(path);
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  Path file(String name) {
    return path.resolve(name);
  }

  Path artifact(String name) {
    return path.resolve("artifacts").resolve(name);
  }

  /** All files below it, as relative names in order. */
  List<String> files() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> all = Files.walk(path)) {
      all.filter(Files::isRegularFile).forEach(file -> names.add(path.relativize(file).toString()));
    }
    names.sort(Comparator.naturalOrder());
    return names;
  }

  private void clear() throws IOException {
    for (String name : files()) {
      Files.delete(path.resolve(name));
    }
  }

  void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, byte[] bytes) {
    write(name, file -> Files.write(file, bytes));
  }

  /** What stands in a file. */
  @FunctionalInterface
  interface Content {
    /** Writes a new file. */
    void writeTo(Path file) throws IOException;
  }

  void write(String name, Content content) {
    try {
      Path unfinished = path.resolve(name + ".unfinished");
      Files.createDirectories(unfinished.resolveSibling(""));
      Files.deleteIfExists(unfinished);
      content.writeTo(unfinished);
      Files.move(
          unfinished,
          path.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  byte[] read(String name) {
    try {
      return Files.readAllBytes(path.resolve(name));
    } catch (IOException e) {
      throw new InvalidInputException(
          path.resolve(name) + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Removes a folder of files below it, if it is there. */
  void remove(String folder) {
    Path whole = path.resolve(folder);
    if (!Files.exists(whole)) {
      return;
    }
    try (Stream<Path> all = Files.walk(whole)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  void append(String name, String line) {
    try {
      Files.writeString(
          path.resolve(name),
          line,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  InvalidInputException unwritable(IOException e) {
    String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new InvalidInputException(
        "%s: cannot be written: %s; free space, or name another folder with --out"
            .formatted(path, reason),
        e);
  }
}
