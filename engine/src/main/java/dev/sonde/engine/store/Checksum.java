package dev.sonde.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32C;

/**
 * The checksum in a chunk's header: CRC-32C over all bytes of the file, its own eight digits taken
 * as zeros. It finds every damage to at most four bytes in a row for certain and any other but for
 * one in 2³². It guards against disks and power cuts, not against anyone's intent.
 */
final class Checksum {
  /** Its key in the metadata. */
  static final String KEY = "crc32c";

  /** What stands in its place until the rows are written. */
  static final String OPEN = "00000000";

  private static final byte[] BEFORE = ("\"" + KEY + "\":\"").getBytes(StandardCharsets.UTF_8);
  private static final int LENGTH_BYTES = Long.BYTES;
  private static final int LONGEST_HEADER = 1 << 20;
  private static final int BUFFER = 1 << 20;

  private Checksum() {}

  /**
   * Computes the checksum of a file whose rows are written, and puts it into the header.
   *
   * @param channel readable and writable
   */
  static void write(FileChannel channel) throws IOException {
    byte[] header = header(channel).orElseThrow();
    int place = place(header).orElseThrow();
    byte[] digits = of(channel, header, place).getBytes(StandardCharsets.US_ASCII);
    for (ByteBuffer bytes = ByteBuffer.wrap(digits); bytes.hasRemaining(); ) {
      channel.write(bytes, place + bytes.position());
    }
  }

  /** Whether the file is as it was when its checksum was written; empty if it has none. */
  static Optional<Boolean> fits(FileChannel channel) throws IOException {
    Optional<byte[]> header = header(channel);
    OptionalInt place = header.isPresent() ? place(header.get()) : OptionalInt.empty();
    if (place.isEmpty()) {
      return Optional.empty();
    }
    int from = place.getAsInt();
    String written =
        new String(header.orElseThrow(), from, OPEN.length(), StandardCharsets.ISO_8859_1);
    return Optional.of(of(channel, header.orElseThrow(), from).equals(written));
  }

  /** The length and the JSON header; empty where the file has no header of ours. */
  private static Optional<byte[]> header(FileChannel channel) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (!filled(channel, length, 0)) {
      return Optional.empty();
    }
    long bytes = length.getLong(0);
    if (bytes < 0 || bytes > LONGEST_HEADER) {
      return Optional.empty();
    }
    ByteBuffer header = ByteBuffer.allocate(LENGTH_BYTES + (int) bytes);
    return filled(channel, header, 0) ? Optional.of(header.array()) : Optional.empty();
  }

  private static boolean filled(FileChannel channel, ByteBuffer buffer, long from)
      throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, from + buffer.position()) < 0) {
        return false;
      }
    }
    return true;
  }

  /** Where the digits begin. */
  private static OptionalInt place(byte[] header) {
    int last = header.length - BEFORE.length - OPEN.length();
    for (int at = LENGTH_BYTES; at <= last; at++) {
      int same = 0;
      while (same < BEFORE.length && header[at + same] == BEFORE[same]) {
        same++;
      }
      if (same == BEFORE.length) {
        return OptionalInt.of(at + BEFORE.length);
      }
    }
    return OptionalInt.empty();
  }

  private static String of(FileChannel channel, byte[] header, int place) throws IOException {
    CRC32C sum = new CRC32C();
    sum.update(header, 0, place);
    sum.update(OPEN.getBytes(StandardCharsets.US_ASCII));
    int behind = place + OPEN.length();
    sum.update(header, behind, header.length - behind);
    // Read, not mapped: a bad place on the disk is then an error that can be caught.
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    long from = header.length;
    for (int n = channel.read(buffer, from); n >= 0; n = channel.read(buffer.clear(), from)) {
      sum.update(buffer.flip());
      from += n;
    }
    return HexFormat.of().toHexDigits((int) sum.getValue());
  }
}
