package dev.sonde.engine.run;

import dev.sonde.api.InvalidInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held by the process that writes a run folder. It is the first file of a run, and says which
 * process that is; whether there is one says only the lock on it, as process ids of two containers
 * may be equal. The file stays: by it, too, a folder is known to be a run's.
 */
final class RunLock implements AutoCloseable {
  static final String FILE = "lock";

  private static final String MARK = "sonde run";
  private static final String IDLE = MARK + "\n";
  private static final String WRITER = ", process ";

  /** Behind the text, which others must be able to read. */
  private static final long LOCKED_AT = Long.MAX_VALUE - 1;

  private final Path file;
  private final FileChannel channel;

  private RunLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock. On a file system that knows no locks there is none, and nobody is kept out.
   *
   * @throws InvalidInputException if another run holds it
   */
  static RunLock take(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      if (isHeldByAnother(channel)) {
        throw new InvalidInputException(
            "%s is being written by %s; wait for it, or name another folder"
                .formatted(folder, writer(file)));
      }
      say(channel, MARK + WRITER + ProcessHandle.current().pid() + "\n");
      return new RunLock(file, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Writes over what the file said, so that it never says nothing. */
  private static void say(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes, bytes.position());
    }
    channel.truncate(text.length());
  }

  private static boolean isHeldByAnother(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock(LOCKED_AT, 1, false);
      return lock == null;
    } catch (OverlappingFileLockException inThisProcess) {
      return true;
    } catch (IOException noLocksHere) {
      return false;
    }
  }

  private static String writer(Path file) throws IOException {
    String text = Files.readString(file);
    return text.startsWith(MARK + WRITER)
        ? "process " + text.substring((MARK + WRITER).length()).strip()
        : "another process";
  }

  /**
   * Whether a folder has the file of a run. Not for a folder whose lock this process holds: closing
   * the file would give it back.
   */
  static boolean marks(Path folder) {
    return text(folder).startsWith(MARK);
  }

  /** Whether the file holds nothing, or the beginning of what a run writes first. */
  static boolean isTorn(Path folder) {
    return MARK.startsWith(text(folder));
  }

  /** Whether the file is as the last writer left it; true where there is none, as before it. */
  static boolean isIdle(Path folder) {
    return !Files.exists(folder.resolve(FILE)) || text(folder).equals(IDLE);
  }

  private static String text(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.readString(file) : "";
    } catch (IOException unreadable) {
      return "?";
    }
  }

  @Override
  public void close() {
    try {
      say(channel, IDLE);
      channel.close();
    } catch (IOException e) {
      throw new InvalidInputException(
          "%s: the lock on the run cannot be given back: %s".formatted(file, e.getMessage()), e);
    }
  }
}
