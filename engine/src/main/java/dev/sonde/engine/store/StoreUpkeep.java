package dev.sonde.engine.store;

import dev.sonde.api.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks after the files of a store, and no others that lie in its folder. */
public final class StoreUpkeep {
  private StoreUpkeep() {}

  /** Hears how far a check is. */
  public interface Progress {
    /** Called before each chunk. */
    void checking(long bytesDone, long bytesTotal);
  }

  /** Bytes of the stored activations in a folder, which need not exist yet. */
  public static long size(Path root) {
    try {
      return size(files(root));
    } catch (IOException e) {
      throw new InvalidInputException(root + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * What is kept of one model at one hook point and selection of tokens.
   *
   * @param key the name of its folder
   * @param about what its files say of themselves: hook, tokens, model, backend, dtype
   * @param chunks finished files
   * @param bytes of them
   * @param used when one was last used
   */
  public record Kept(String key, Map<String, String> about, int chunks, long bytes, Instant used) {
    /** An entry with its map copied. */
    public Kept {
      about = Map.copyOf(about);
    }
  }

  /** What a store holds, by key; a damaged file says nothing of itself. */
  public static List<Kept> list(Path root) {
    try {
      Map<Path, List<Path>> folders = new TreeMap<>();
      for (Path file : files(root)) {
        if (ChunkFile.isFinished(file)) {
          folders.computeIfAbsent(file.getParent(), key -> new ArrayList<>()).add(file);
        }
      }
      List<Kept> kept = new ArrayList<>();
      for (Map.Entry<Path, List<Path>> folder : folders.entrySet()) {
        Instant used = Instant.EPOCH;
        for (Path file : folder.getValue()) {
          Instant at = Files.getLastModifiedTime(file).toInstant();
          used = at.isAfter(used) ? at : used;
        }
        kept.add(
            new Kept(
                String.valueOf(folder.getKey().getFileName()),
                ChunkFile.about(folder.getValue().getFirst()),
                folder.getValue().size(),
                size(folder.getValue()),
                used));
      }
      return kept;
    } catch (IOException e) {
      throw new InvalidInputException(root + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static long size(List<Path> files) throws IOException {
    long size = 0;
    for (Path file : files) {
      size += Files.size(file);
    }
    return size;
  }

  /** All files of a store, also those that grow or were left unfinished. */
  private static List<Path> files(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return files;
    }
    try (Stream<Path> keys = Files.list(root)) {
      for (Path key : keys.filter(k -> Files.isDirectory(k, LinkOption.NOFOLLOW_LINKS)).toList()) {
        try (Stream<Path> chunks = Files.list(key)) {
          chunks
              .filter(file -> ChunkFile.isFinished(file) || ChunkFile.isLeft(file))
              .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
              .forEach(files::add);
        }
      }
    }
    files.addAll(ActivationStore.unfinished(root));
    return files;
  }

  /**
   * Removes the files that were used longest ago until the rest fits.
   *
   * @param limit bytes that may stay
   * @throws InvalidInputException if a run uses the store, or a file cannot be removed
   */
  public static Cleanup clean(Path root, long limit) {
    try (StoreLock alone = StoreLock.ofCleanup(root)) {
      List<Path> files = byUse(files(alone.root()));
      long size = size(files);
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

  /** Those used longest ago first. */
  private static List<Path> byUse(List<Path> files) throws IOException {
    record Aged(Path file, FileTime used) {}
    List<Aged> aged = new ArrayList<>();
    for (Path file : files) {
      aged.add(new Aged(file, Files.getLastModifiedTime(file)));
    }
    return aged.stream()
        .sorted(Comparator.comparing(Aged::used).thenComparing(Aged::file))
        .map(Aged::file)
        .toList();
  }

  /**
   * Reads every chunk and says which are not what was written.
   *
   * @param remove whether those of no use are removed, also those of earlier versions
   * @throws InvalidInputException if the store is being cleaned up, or files are to be removed and
   *     a run uses it
   */
  public static Check check(Path root, boolean remove, Progress progress) {
    try (StoreLock lock = remove ? StoreLock.ofCleanup(root) : StoreLock.ofRun(root, () -> {})) {
      List<Path> files =
          files(lock.root()).stream().filter(ChunkFile::isFinished).sorted().toList();
      long total = size(files);
      long done = 0;
      List<String> damaged = new ArrayList<>();
      int earlier = 0;
      for (Path file : files) {
        progress.checking(done, total);
        done += Files.size(file);
        Optional<ChunkFile.Fault> fault = ChunkFile.fault(file);
        if (fault.isEmpty()) {
          continue;
        }
        if (fault.get().earlier()) {
          earlier++;
        } else {
          damaged.add(file + ": " + fault.get().what());
        }
        if (remove) {
          Files.delete(file);
        }
      }
      return new Check(files.size(), total, damaged, earlier);
    } catch (IOException e) {
      throw RowWriter.unwritable(root, e);
    }
  }

  /**
   * What a check found.
   *
   * @param chunks how many there are, or were
   * @param bytes their bytes
   * @param damaged file and what is wrong with it
   * @param earlier how many an earlier version wrote, without a checksum
   */
  public record Check(int chunks, long bytes, List<String> damaged, int earlier) {
    /** A result with its list copied. */
    public Check {
      damaged = List.copyOf(damaged);
    }
  }
}
