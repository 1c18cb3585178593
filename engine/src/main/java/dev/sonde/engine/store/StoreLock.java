package dev.sonde.engine.store;

import dev.sonde.api.InvalidInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Who may do what in a store: any number of runs at once, or one clean-up alone. Whoever comes
 * passes a door one at a time, so that a run can see whether it is the first without another's
 * coming in between.
 */
final class StoreLock implements AutoCloseable {
  private static final String FILE = "lock";
  private static final String DOOR = "door";

  private final Path root;
  private final FileChannel channel;

  private StoreLock(Path root, FileChannel channel) {
    this.root = root;
    this.channel = channel;
  }

  /** The store's folder. */
  Path root() {
    return root;
  }

  /** What a run does that has found no other in the store. */
  interface First {
    void comes() throws IOException;
  }

  /**
   * Lets a run in.
   *
   * @param first done before any other process can come in, if there is none
   * @throws InvalidInputException if the store is being cleaned up
   */
  static StoreLock ofRun(Path root, First first) throws IOException {
    try (FileChannel door = open(root.resolve(DOOR))) {
      door.lock();
      FileChannel channel = open(root.resolve(FILE));
      try {
        Optional<FileLock> alone = Optional.ofNullable(channel.tryLock());
        if (alone.isPresent()) {
          first.comes();
          alone.get().release();
        }
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
      return locked(root, channel, true, root + ": is being cleaned up; try again later");
    }
  }

  /**
   * Lets a clean-up in.
   *
   * @throws InvalidInputException if a run or another clean-up is in
   */
  static StoreLock ofCleanup(Path root) throws IOException {
    try (FileChannel door = open(root.resolve(DOOR))) {
      door.lock();
      return locked(
          root, open(root.resolve(FILE)), false, root + ": is in use by a run; try again later");
    }
  }

  private static StoreLock locked(Path root, FileChannel channel, boolean shared, String otherwise)
      throws IOException {
    Optional<FileLock> lock = Optional.ofNullable(channel.tryLock(0, Long.MAX_VALUE, shared));
    if (lock.isEmpty()) {
      channel.close();
      throw new InvalidInputException(otherwise);
    }
    return new StoreLock(root, channel);
  }

  private static FileChannel open(Path file) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Leaves; closing the file gives its lock back. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
