package dev.sonde.formats.gguf;

import dev.sonde.formats.FormatException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Walks through a header front to back. Every step is checked against the bytes left before
 * anything is read or allocated; every error names file and byte.
 */
final class HeaderCursor {
  /** Longer texts are no metadata; the longest known, chat templates, have some 20 000 bytes. */
  private static final long LONGEST_TEXT = 1L << 26;

  private final Path file;
  private final MemorySegment bytes;
  private long at;

  HeaderCursor(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long at() {
    return at;
  }

  long left() {
    return bytes.byteSize() - at;
  }

  /** Steps over some bytes and gives where they begin. */
  long skip(long size, String what) {
    if (size < 0 || size > left()) {
      throw problem(
          "%s of %s bytes does not fit into the %d bytes left"
              .formatted(what, Long.toUnsignedString(size), left()));
    }
    long start = at;
    at += size;
    return start;
  }

  int u32(String what) {
    return bytes.get(LittleEndian.I32, skip(Integer.BYTES, what));
  }

  long u64(String what) {
    return bytes.get(LittleEndian.I64, skip(Long.BYTES, what));
  }

  /** A number of things that have at least some bytes each. */
  int count(String what, long leastBytes) {
    long start = at;
    long count = u64("the number of " + what);
    if (count < 0 || count > left() / leastBytes || count > Integer.MAX_VALUE) {
      at = start;
      throw problem(
          "%s %s do not fit into the %d bytes left"
              .formatted(Long.toUnsignedString(count), what, left()));
    }
    return (int) count;
  }

  /** Steps over a text and gives where it begins, which is where its length stands. */
  long skipText(String what) {
    long start = at;
    long length = u64("the length of " + what);
    long longest = Math.min(left(), LONGEST_TEXT);
    if (length < 0 || length > longest) {
      at = start;
      throw problem(
          "%s of %s bytes does not fit into the %d bytes it may have"
              .formatted(what, Long.toUnsignedString(length), longest));
    }
    at += length;
    return start;
  }

  String text(String what) {
    return text(file, bytes, skipText(what));
  }

  /** The text whose length stands at an offset that {@link #skipText} gave. */
  static String text(Path file, MemorySegment bytes, long start) {
    long length = bytes.get(LittleEndian.I64, start);
    byte[] utf8 = bytes.asSlice(start + Long.BYTES, length).toArray(ValueLayout.JAVA_BYTE);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException(file, "byte " + start + ": a text is not UTF-8", e);
    }
  }

  FormatException problem(String what) {
    return new FormatException(file, "byte %d: %s".formatted(at, what));
  }
}
