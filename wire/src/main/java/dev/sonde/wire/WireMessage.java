package dev.sonde.wire;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.json.JsonText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A line of JSON, and the bytes that its key {@code bytes} announces.
 *
 * @param head the object of the line, {@code bytes} left out
 * @param body what follows the line, float32 numbers, little endian
 */
public record WireMessage(Map<String, Object> head, byte[] body) {
  private static final String BYTES = "bytes";
  private static final String END = "end";
  private static final String ERROR = "error";

  /** A message without a body. */
  public static WireMessage of(Map<String, Object> head) {
    return new WireMessage(head, new byte[0]);
  }

  /** The last message of an answer. */
  public static WireMessage end() {
    return of(Map.of(END, true));
  }

  /** Whether it is the last of an answer. */
  public boolean isEnd() {
    return head.containsKey(END);
  }

  /** Whether it says what went wrong; then it is the last of an answer. */
  public boolean isError() {
    return head.containsKey(ERROR);
  }

  /**
   * Reads the next message.
   *
   * @return empty where the stream ends before one begins
   * @throws WireException if it is malformed, or the stream ends inside it
   * @throws IOException if the stream cannot be read
   */
  public static Optional<WireMessage> read(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int next = in.read();
    if (next < 0) {
      return Optional.empty();
    }
    while (next != '\n') {
      if (next < 0) {
        throw new WireException("the stream ends inside a line of " + line.size() + " bytes");
      }
      line.write(next);
      next = in.read();
    }
    Map<String, Object> head = object(line.toByteArray());
    int bytes = new FormFields(head).integer(BYTES, 0);
    if (bytes < 0) {
      throw new WireException("'bytes' is " + bytes);
    }
    byte[] body = in.readNBytes(bytes);
    if (body.length < bytes) {
      throw new WireException("the stream ends after %d of %d bytes".formatted(body.length, bytes));
    }
    head.remove(BYTES);
    return Optional.of(new WireMessage(head, body));
  }

  private static Map<String, Object> object(byte[] line) {
    try {
      return Json.object(Path.of("message"), line);
    } catch (FormatException e) {
      throw new WireException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Writes it. */
  public void writeTo(OutputStream out) throws IOException {
    Map<String, Object> line = new LinkedHashMap<>(head);
    if (body.length > 0) {
      line.put(BYTES, (long) body.length);
    }
    out.write(JsonText.of(line));
    out.write('\n');
    out.write(body);
    out.flush();
  }
}
