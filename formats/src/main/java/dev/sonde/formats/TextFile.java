package dev.sonde.formats;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Text files as people's tools write them: UTF-8, with a byte order mark at the beginning or not.
 * Anything else is refused by line, never read with its letters replaced.
 */
public final class TextFile {
  private static final int MARK_BYTES = 3;
  private static final int BUFFER_BYTES = 1 << 16;

  private TextFile() {}

  /**
   * The text of a file without its byte order mark.
   *
   * @throws FormatException naming the line that is not UTF-8
   * @throws IOException if it is missing or cannot be read
   */
  public static String read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    refuseWide(file, bytes, bytes.length);
    int start = markLength(bytes, bytes.length);
    try {
      return decoder().decode(ByteBuffer.wrap(bytes, start, bytes.length - start)).toString();
    } catch (CharacterCodingException e) {
      throw malformed(file, e);
    }
  }

  /**
   * Reads a file's text from the beginning, without its byte order mark. Bytes that are not UTF-8
   * end the reading with a {@link CharacterCodingException}, for which {@link #malformed} says
   * where.
   *
   * @throws FormatException if the file is UTF-16 or UTF-32
   * @throws IOException if it is missing or cannot be read
   */
  public static BufferedReader reader(Path file) throws IOException {
    PushbackInputStream in = new PushbackInputStream(Files.newInputStream(file), MARK_BYTES);
    byte[] first = in.readNBytes(MARK_BYTES);
    try {
      refuseWide(file, first, first.length);
    } catch (FormatException e) {
      in.close();
      throw e;
    }
    int mark = markLength(first, first.length);
    in.unread(first, mark, first.length - mark);
    return new BufferedReader(new InputStreamReader(in, decoder()));
  }

  /** Bytes without the byte order mark that they begin with. */
  public static byte[] withoutMark(byte[] bytes) {
    int mark = markLength(bytes, bytes.length);
    return mark == 0 ? bytes : Arrays.copyOfRange(bytes, mark, bytes.length);
  }

  /** Why a file could not be decoded: its first line that is not UTF-8. */
  public static FormatException malformed(Path file, IOException cause) {
    return new FormatException(
        file,
        "line %d is not UTF-8 text; save the file as UTF-8 (in Python: encoding=\"utf-8\")"
            .formatted(firstMalformedLine(file)),
        cause);
  }

  private static CharsetDecoder decoder() {
    return StandardCharsets.UTF_8
        .newDecoder()
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
  }

  private static int markLength(byte[] bytes, int length) {
    return length >= MARK_BYTES
            && bytes[0] == (byte) 0xEF
            && bytes[1] == (byte) 0xBB
            && bytes[2] == (byte) 0xBF
        ? MARK_BYTES
        : 0;
  }

  /** UTF-16 and UTF-32 begin with marks that no UTF-8 text holds. */
  private static void refuseWide(Path file, byte[] bytes, int length) {
    if (length >= 2
        && ((bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE)
            || (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF))) {
      throw new FormatException(file, "is UTF-16 text; save it as UTF-8");
    }
  }

  private static long firstMalformedLine(Path file) {
    CharsetDecoder decoder = decoder();
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER_BYTES);
    CharBuffer chars = CharBuffer.allocate(BUFFER_BYTES);
    long line = 1;
    try (InputStream in = Files.newInputStream(file)) {
      boolean ended = false;
      while (!ended) {
        int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = count < 0;
        bytes.position(bytes.position() + Math.max(0, count)).flip();
        CoderResult result = decoder.decode(bytes, chars, ended);
        chars.flip();
        line += chars.chars().filter(c -> c == '\n').count();
        if (result.isError()) {
          return line;
        }
        chars.clear();
        bytes.compact();
      }
    } catch (IOException e) {
      return line; // the caller's own failure is the one to tell
    }
    return line;
  }
}
