package dev.sonde.engine.store;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The stored activations in a cache folder. Files are complete or absent. */
public final class ActivationStore implements AutoCloseable {
  private static final String SUFFIX = ".safetensors";

  private final Path root;
  private final FileChannel lockFile;
  private final FileLock lock;

  private ActivationStore(Path root, FileChannel lockFile, FileLock lock) {
    this.root = root;
    this.lockFile = lockFile;
    this.lock = lock;
  }

  /**
   * Opens the store for a run; any number of runs may share it, but none with a clean-up.
   *
   * @throws InvalidInputException if the folder cannot be written, or is being cleaned up
   */
  public static ActivationStore open(Path root) {
    return open(root, true);
  }

  private static ActivationStore open(Path root, boolean shared) {
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              root.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      Optional<FileLock> lock = Optional.ofNullable(channel.tryLock(0, Long.MAX_VALUE, shared));
      if (lock.isEmpty()) {
        channel.close();
        throw new InvalidInputException(
            root
                + (shared ? ": is being cleaned up" : ": is in use by a run")
                + "; try again later");
      }
      return new ActivationStore(root, channel, lock.get());
    } catch (IOException e) {
      throw RowWriter.unwritable(root, e);
    }
  }

  /** Whether the rows of a chunk are stored. */
  public boolean has(StoreKey key, String chunk) {
    return Files.exists(file(key, chunk));
  }

  RowWriter writer(StoreKey key, String chunk, RowLayout layout, int width) {
    return new RowWriter(file(key, chunk), layout, width, key.metadata());
  }

  private Path file(StoreKey key, String chunk) {
    return root.resolve(key.folder()).resolve(chunk + SUFFIX);
  }

  /**
   * The rows of some chunks, one after the other, {@code [rows, width]} float32: mapped where it is
   * one chunk, else copied together.
   */
  public Matrix read(StoreKey key, List<String> chunks) {
    List<Tensor> parts = new ArrayList<>();
    long rows = 0;
    for (String chunk : chunks) {
      Path file = file(key, chunk);
      try {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        parts.add(SafetensorsFile.open(file, Arena.ofAuto()).tensor(RowWriter.TENSOR));
      } catch (IOException | FormatException e) {
        throw new InvalidInputException(
            "%s: a stored chunk cannot be read (%s); remove the file and run again"
                .formatted(file, e.getMessage()),
            e);
      }
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

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes the files that were used longest ago until the rest fits.
   *
   * @param limit bytes that may stay
   * @return number of files removed and their bytes
   */
  public static Cleanup clean(Path root, long limit) {
    try (ActivationStore store = open(root, false)) {
      List<Path> files = store.files();
      long size = 0;
      for (Path file : files) {
        size += Files.size(file);
      }
      int removed = 0;
      long freed = 0;
      for (Path file : files) {
        if (size - freed <= limit) {
          break;
        }
        freed += Files.size(file);
        Files.delete(file);
        removed++;
      }
      return new Cleanup(removed, freed, size - freed);
    } catch (IOException e) {
      throw RowWriter.unwritable(root, e);
    }
  }

  /**
   * What a clean-up did.
   *
   * @param removed number of files removed
   * @param freed their bytes
   * @param left bytes that stay
   */
  public record Cleanup(int removed, long freed, long left) {}

  /** Bytes of the stored activations in a folder, which need not exist yet. */
  public static long size(Path root) {
    if (!Files.exists(root)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(root)) {
      long size = 0;
      for (Path file : all.filter(f -> f.toString().contains(SUFFIX)).toList()) {
        size += Files.size(file);
      }
      return size;
    } catch (IOException e) {
      throw new InvalidInputException(root + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** All files, those used longest ago first. */
  private List<Path> files() throws IOException {
    record Aged(Path file, FileTime used) {}
    List<Aged> aged = new ArrayList<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(f -> f.toString().contains(SUFFIX)).toList()) {
        aged.add(new Aged(file, Files.getLastModifiedTime(file)));
      }
    }
    return aged.stream()
        .sorted(Comparator.comparing(Aged::used).thenComparing(Aged::file))
        .map(Aged::file)
        .toList();
  }
}
