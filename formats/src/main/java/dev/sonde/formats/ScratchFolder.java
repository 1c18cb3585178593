package dev.sonde.formats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A folder beside what is to be written, in which it grows until it is complete. Its file {@code
 * lock} is locked as long as its writer lives: what a writer left behind that was killed is removed
 * by the next one for the same target.
 */
public final class ScratchFolder implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String CONTENT = "content";

  private final Path folder;
  private final FileChannel lock;

  private ScratchFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Makes one.
   *
   * @param target what is to be written; its folder must be there
   */
  public static ScratchFolder beside(Path target) throws IOException {
    removeLeftovers(target.toAbsolutePath());
    Path folder = Files.createDirectory(WholeFile.unfinished(target.toAbsolutePath()));
    FileChannel channel =
        FileChannel.open(
            folder.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    isLocked(channel);
    Files.createDirectory(folder.resolve(CONTENT));
    return new ScratchFolder(folder, channel);
  }

  /** Where to write. */
  public Path content() {
    return folder.resolve(CONTENT);
  }

  /** All files written so far, in the order of their names, each forced to the disk. */
  public List<Path> forced() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> written = Files.list(content())) {
      for (Path file : written.sorted().toList()) {
        WholeFile.force(file);
        files.add(file);
      }
    }
    return files;
  }

  /**
   * Gives the whole folder its name.
   *
   * @throws java.nio.file.FileAlreadyExistsException if something has it
   */
  public void publishAs(Path target) throws IOException {
    forced();
    Files.move(content(), target);
  }

  /** Gives one of its files its name; a file of that name is replaced. */
  public static void publish(Path file, Path target) throws IOException {
    Files.move(file, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes it with what is left in it. */
  @Override
  public void close() throws IOException {
    delete(folder);
    lock.close();
  }

  private static void removeLeftovers(Path target) throws IOException {
    String name = String.valueOf(target.getFileName());
    try (DirectoryStream<Path> beside =
        Files.newDirectoryStream(Objects.requireNonNull(target.getParent()))) {
      for (Path other : beside) {
        String found = String.valueOf(other.getFileName());
        if (WholeFile.isUnfinished(found)
            && WholeFile.finished(found).equals(name)
            && Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
            && isLeft(other)) {
          delete(other);
        }
      }
    }
  }

  private static boolean isLeft(Path folder) throws IOException {
    Path lock = folder.resolve(LOCK);
    if (!Files.isRegularFile(lock, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return isLocked(channel);
    }
  }

  /** Locks a file; false where another holds it, or the file system knows no locks. */
  private static boolean isLocked(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException | IOException e) {
      return false;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
