package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.host.Unwritable;
import dev.sonde.engine.worker.HandOut;
import dev.sonde.engine.worker.LocalWorkforce;
import dev.sonde.formats.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of a run. Every file appears under its name only when it is complete. A folder is a
 * run's if it holds what only runs write: a journal, or before that the mark in {@link RunLock}.
 * Nothing is removed from it but files that runs write.
 */
public final class RunFolder implements AutoCloseable {
  /** The experiment with defaults and absolute paths. */
  static final String EXPERIMENT = "experiment.yaml";

  static final String REPORT = "report.json";
  static final String MANIFEST = "manifest.json";
  static final String LOG = "log";
  static final String TIMING = "timing.json";

  /** Files that differ between two runs of the same experiment. */
  static final Set<String> OUTSIDE_COMPARISON = Set.of(TIMING, LOG, Journal.FILE, RunLock.FILE);

  /** How many names a message gives. */
  private static final int NAMED = 5;

  private final Path path;
  private final Optional<RunLock> lock;

  private RunFolder(Path path, Optional<RunLock> lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Creates the folder and keeps other processes from writing into it.
   *
   * @param overwrite whether an earlier run in it may be removed
   * @throws InvalidInputException if it holds anything else, is being written, or cannot be
   */
  static RunFolder create(Path path, boolean overwrite) {
    requireFree(path, overwrite);
    try {
      Files.createDirectories(path);
      RunFolder folder = locked(path);
      try {
        folder.empty(overwrite);
        Files.createDirectories(path.resolve(RunContents.ARTIFACTS));
        return folder;
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /**
   * Refuses a folder for a new run; nothing is written.
   *
   * @param overwrite whether an earlier run in it may be removed
   * @throws InvalidInputException if it holds anything else
   */
  static void requireFree(Path path, boolean overwrite) {
    try {
      if (isRun(path)) {
        requireRemovable(path, RunContents.of(path), overwrite);
      } else if (!isEmpty(path)) {
        throw new InvalidInputException(
            "%s is not empty and holds no run: %s; name another folder with --out%s"
                .formatted(
                    path,
                    some(entries(path)),
                    overwrite ? ", as --overwrite removes runs only" : ""));
      }
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  private static void requireRemovable(Path path, RunContents contents, boolean overwrite) {
    if (contents.isBegun() && !overwrite) {
      throw new InvalidInputException(
          "%s is not empty; go on with 'sonde resume %s', or use --overwrite"
              .formatted(path, path));
    }
    if (!contents.foreign().isEmpty()) {
      throw new InvalidInputException(
          "%s holds what no run writes: %s; move that elsewhere, or name another folder with --out"
              .formatted(path, some(contents.foreign())));
    }
  }

  private void empty(boolean overwrite) throws IOException {
    RunContents contents = RunContents.of(path);
    requireRemovable(path, contents, overwrite);
    // What says whose files they are goes last, and the lock stays.
    remove(
        contents.own().stream()
            .filter(name -> !name.equals(RunLock.FILE))
            .sorted(Comparator.comparing(name -> !name.contains("/")))
            .toList());
  }

  private static String some(List<String> names) {
    String first = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    return names.size() > NAMED ? first + " and %d more".formatted(names.size() - NAMED) : first;
  }

  private static RunFolder locked(Path path) throws IOException {
    return new RunFolder(path, Optional.of(RunLock.take(path)));
  }

  /** Whether a folder holds what only runs write. */
  public static boolean isRun(Path path) {
    return Journal.marks(path) || RunLock.marks(path);
  }

  /** Whether a folder can be resumed. */
  public static boolean isBegun(Path path) {
    return isRun(path) && Files.exists(path.resolve(EXPERIMENT));
  }

  /** Whether it does not exist, or holds nothing but what is left of the beginning of a run. */
  private static boolean isEmpty(Path path) throws IOException {
    if (!Files.exists(path)) {
      return true;
    }
    if (!Files.isDirectory(path)) {
      return false;
    }
    RunContents contents = RunContents.of(path);
    return contents.foreign().isEmpty()
        && List.of(RunLock.FILE).containsAll(contents.own())
        && RunLock.isTorn(path);
  }

  private static List<String> entries(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of("it is a file");
    }
    try (Stream<Path> all = Files.list(path)) {
      return all.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    }
  }

  /**
   * Opens the folder of a run that was begun, to read it.
   *
   * @throws InvalidInputException if it is none
   */
  public static RunFolder open(Path path) {
    if (!isRun(path)) {
      throw new InvalidInputException(
          "%s is not the folder of a run: it has no %s that a run wrote"
              .formatted(path, Journal.FILE));
    }
    if (!Files.exists(path.resolve(EXPERIMENT))) {
      throw new InvalidInputException(
          "%s: the run was stopped before it wrote %s; start it again with 'sonde run'"
              .formatted(path, EXPERIMENT));
    }
    return new RunFolder(path, Optional.empty());
  }

  /**
   * Opens the folder of a run that was begun, to go on writing it. What was left unfinished in it
   * is removed.
   *
   * @throws InvalidInputException if it is none, or is being written
   */
  public static RunFolder goOn(Path path) {
    open(path);
    try {
      RunFolder folder = locked(path);
      folder.remove(RunContents.of(path).unfinished());
      return folder;
    } catch (IOException e) {
      throw unwritable(path, e);
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  Path file(String name) {
    return path.resolve(name);
  }

  /** All files of the run that are finished, as relative names in order; none that help to it. */
  List<String> files() throws IOException {
    RunContents contents = RunContents.of(path);
    List<String> names = new ArrayList<>(contents.own());
    names.removeAll(contents.unfinished());
    names.remove(RunLock.FILE);
    names.remove(HandOut.FILE);
    names.removeIf(name -> name.startsWith(LocalWorkforce.FOLDER + "/"));
    return names;
  }

  void write(String name, String text) {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  void write(String name, byte[]... parts) {
    try {
      Path file = path.resolve(name);
      Files.createDirectories(file.resolveSibling(""));
      WholeFile.write(file, parts);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Writes into a file. */
  interface Writing {
    void into(Path file) throws IOException;
  }

  void write(String name, Writing writing) {
    Path file = path.resolve(name);
    Path growing = WholeFile.unfinished(file);
    try {
      Files.createDirectories(file.resolveSibling(""));
      try {
        writing.into(growing);
        WholeFile.publish(growing, file);
      } finally {
        Files.deleteIfExists(growing);
      }
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** The bytes of a file; empty if they cannot be read. */
  Optional<byte[]> read(String name) {
    try {
      return Optional.of(Files.readAllBytes(path.resolve(name)));
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  /** Forgets what was handed out, which is joined now. */
  void joinHandedOut() {
    try {
      remove(List.of(HandOut.FILE));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Removes the stages of a probe. */
  void removeStages(String probe) {
    String place = RunContents.STAGES + "/" + probe + "/";
    try {
      remove(RunContents.of(path).own().stream().filter(n -> n.startsWith(place)).toList());
      removeIfEmpty(path.resolve(RunContents.STAGES).resolve(probe));
      removeIfEmpty(path.resolve(RunContents.STAGES));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Removes files, and the folders below this one that are empty then. */
  private void remove(List<String> names) throws IOException {
    for (String name : names) {
      Files.deleteIfExists(path.resolve(name));
    }
    for (String name : names) {
      for (int end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
        removeIfEmpty(path.resolve(name.substring(0, end)));
      }
    }
  }

  private static void removeIfEmpty(Path folder) throws IOException {
    try {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(folder);
      }
    } catch (DirectoryNotEmptyException filled) {
      return;
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
    return unwritable(path, e);
  }

  private static InvalidInputException unwritable(Path path, IOException e) {
    return new InvalidInputException(Unwritable.message(path, e, "another folder with --out"), e);
  }

  /** Lets others write it. */
  @Override
  public void close() {
    lock.ifPresent(RunLock::close);
  }
}
