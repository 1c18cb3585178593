package dev.sonde.formats.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Keeps other processes, and other threads of this one, from fetching the same blob. */
final class BlobLock implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final FileChannel channel;

  private BlobLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock, however long that lasts.
   *
   * @param file made if it is not there; stays afterwards
   * @param waiting run once if another holds it
   */
  static BlobLock take(Path file, Runnable waiting) throws IOException, InterruptedException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (!locked(channel)) {
        waiting.run();
        do {
          Thread.sleep(POLL);
        } while (!locked(channel));
      }
      return new BlobLock(channel);
    } catch (IOException | InterruptedException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldByAThreadOfThisProcess) {
      return false;
    }
  }

  /** Gives the lock back; the file stays, as others may wait for it. */
  @Override
  public void close() throws IOException {
    channel.close();
  }
}
