package dev.sonde.formats.fuzz;

import com.sun.management.ThreadMXBean;
import dev.sonde.formats.FormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Lets a reader read a stranger's bytes from a file. It may refuse them with a {@link
 * FormatException} that names the file; anything else it throws, and memory that the bytes do not
 * explain, is a bug.
 */
final class HostileFile {
  /** Inputs have some kilobytes; the most it takes are the buffers of readers and parsers. */
  private static final long MOST_ALLOCATED = 32L << 20;

  private HostileFile() {}

  /** Reads a file or a folder. */
  @FunctionalInterface
  interface Reader {
    void read(Path path) throws IOException;
  }

  /**
   * Writes files into a folder of their own and has it read.
   *
   * @throws AssertionError if the reader refuses without naming a file, or allocates too much
   */
  static void read(Map<String, byte[]> files, Reader reader) {
    try {
      Path folder = Files.createTempDirectory("hostile");
      try {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
          Files.write(folder.resolve(file.getKey()), file.getValue());
        }
        readWithin(folder, reader);
      } finally {
        for (String name : files.keySet()) {
          Files.deleteIfExists(folder.resolve(name));
        }
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void readWithin(Path folder, Reader reader) throws IOException {
    // The first time classes are loaded as well.
    if (allocated(folder, reader) > MOST_ALLOCATED) {
      long allocated = allocated(folder, reader);
      if (allocated > MOST_ALLOCATED) {
        throw new AssertionError(allocated + " bytes were allocated");
      }
    }
  }

  private static long allocated(Path folder, Reader reader) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try {
      reader.read(folder);
    } catch (FormatException e) {
      if (!e.getMessage().startsWith(folder.toString())) {
        throw new AssertionError("the message does not begin with the file", e);
      }
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
