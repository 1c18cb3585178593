package dev.sonde.engine.store;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The stored activations in a cache folder. Files are complete or absent; each is checked when a
 * run first uses it.
 */
public final class ActivationStore implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ActivationStore.class.getName());

  /** The folder of chunks that grow. */
  private static final String UNFINISHED = "unfinished";

  private final Path root;
  private final StoreLock lock;
  private final Set<Path> sound = new HashSet<>();
  private boolean saidEarlier;

  private ActivationStore(Path root, StoreLock lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * Opens the store for a run; any number of runs may share it, but none with a clean-up. What runs
   * that were killed left unfinished is removed if no other run is there.
   *
   * @throws InvalidInputException if the folder cannot be written, or is being cleaned up
   */
  public static ActivationStore open(Path root) {
    try {
      return new ActivationStore(root, StoreLock.ofRun(root, () -> removeUnfinished(root)));
    } catch (IOException e) {
      throw RowWriter.unwritable(root, e);
    }
  }

  private static void removeUnfinished(Path root) throws IOException {
    for (Path file : unfinished(root)) {
      Files.deleteIfExists(file);
    }
  }

  /** The chunks that grow, or did when their writer was killed. */
  static List<Path> unfinished(Path root) throws IOException {
    Path folder = root.resolve(UNFINISHED);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ChunkFile.ENDING)).toList();
    }
  }

  /** Whether there is a file for the rows of a chunk, sound or not. */
  public boolean has(StoreKey key, String chunk) {
    return Files.exists(ChunkFile.of(root, key, chunk));
  }

  /**
   * Whether the rows of a chunk are stored as they were written. All of it is read for that the
   * first time; the log says what is wrong with one that is to be computed again.
   *
   * @param rows how many it must have
   */
  boolean isSound(StoreKey key, String chunk, long rows) {
    Path file = ChunkFile.of(root, key, chunk);
    if (sound.contains(file)) {
      return true;
    }
    if (!Files.exists(file)) {
      return false;
    }
    Optional<ChunkFile.Fault> fault = ChunkFile.fault(file);
    if (fault.isEmpty() && ChunkFile.rows(file).shape().getFirst() != rows) {
      fault = Optional.of(ChunkFile.Fault.damaged("has not the %d rows it should".formatted(rows)));
    }
    if (fault.isEmpty()) {
      sound.add(file);
      return true;
    }
    say(file, fault.get());
    return false;
  }

  /** One line for each damaged chunk, one for all that an earlier version wrote. */
  private void say(Path file, ChunkFile.Fault fault) {
    if (!fault.earlier()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "%s: %s; it is computed again".formatted(file, fault.what()));
    } else if (!saidEarlier) {
      saidEarlier = true;
      LOG.log(
          System.Logger.Level.INFO,
          "%s: %s; such chunks are computed again".formatted(file, fault.what()));
    }
  }

  RowWriter writer(StoreKey key, String chunk, RowLayout layout, int width) {
    Path file = ChunkFile.of(root, key, chunk);
    return new RowWriter(
        file, root.resolve(UNFINISHED), layout, width, ChunkFile.metadata(key, chunk));
  }

  /** Notes a chunk that this run wrote. */
  void note(Path file) {
    sound.add(file);
  }

  /**
   * The rows of some chunks, one after the other, {@code [rows, width]} float32: mapped where it is
   * one chunk, else copied together.
   *
   * @throws InvalidInputException if one cannot be read
   */
  public Matrix read(StoreKey key, List<String> chunks) {
    List<Tensor> parts = new ArrayList<>();
    long rows = 0;
    for (String chunk : chunks) {
      Path file = ChunkFile.of(root, key, chunk);
      parts.add(ChunkFile.rows(file));
      use(file);
      rows += parts.getLast().shape().getFirst();
    }
    int width = Math.toIntExact(parts.getFirst().shape().getLast());
    if (parts.size() == 1) {
      MemorySegment mapped = parts.getFirst().data();
      return Matrix.of(mapped, Matrix.Type.FLOAT32, Math.toIntExact(rows), width);
    }
    Matrix joined = Matrix.zeros(Matrix.Type.FLOAT32, Math.toIntExact(rows), width);
    long offset = 0;
    for (Tensor part : parts) {
      MemorySegment.copy(part.data(), 0, joined.segment(), offset, part.data().byteSize());
      offset += part.data().byteSize();
    }
    return joined;
  }

  /** Notes that a file was used, so that a clean-up spares it longest. */
  private static void use(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    } catch (IOException notOurs) {
      LOG.log(System.Logger.Level.DEBUG, "when a chunk was used is not noted", notOurs);
    }
  }

  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
