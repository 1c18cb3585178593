package dev.sonde.formats;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Files that appear under their name only when they are complete and on the disk. Until then they
 * stand beside it under a name that no other process uses, {@code NAME.<16 hexadecimal
 * digits>.unfinished}.
 */
public final class WholeFile {
  private static final Pattern UNFINISHED = Pattern.compile("(.+)\\.[0-9a-f]{16}\\.unfinished");

  private WholeFile() {}

  /** Writes some bytes, one part after the other, in the place of what the file held before. */
  public static void write(Path file, byte[]... parts) throws IOException {
    Path unfinished = unfinished(file);
    try {
      try (FileChannel channel =
          FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        for (byte[] part : parts) {
          for (ByteBuffer bytes = ByteBuffer.wrap(part); bytes.hasRemaining(); ) {
            channel.write(bytes);
          }
        }
      }
      publish(unfinished, file);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** A name beside a file under which it can grow, and which nothing has yet. */
  public static Path unfinished(Path file) {
    String random = HexFormat.of().toHexDigits(UUID.randomUUID().getLeastSignificantBits());
    return file.resolveSibling("%s.%s.unfinished".formatted(file.getFileName(), random));
  }

  /**
   * What an unfinished file or folder is to become; the name itself if it is none.
   *
   * @param name without folders
   */
  public static String finished(String name) {
    return UNFINISHED.matcher(name).replaceFirst("$1");
  }

  /** Whether a name is one of {@link #unfinished}. */
  public static boolean isUnfinished(String name) {
    return UNFINISHED.matcher(name).matches();
  }

  /** Gives a complete file its name once the disk has it; a file of that name is replaced. */
  public static void publish(Path unfinished, Path file) throws IOException {
    force(unfinished);
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Waits until the disk has a file's bytes: a name may reach it before them. */
  public static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
