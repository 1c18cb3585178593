package dev.sonde.engine.worker;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * One message between a run and a worker: a mark, its {@link Role} and the length of its header as
 * 32-bit numbers, the length of what follows the header as a 64-bit number, all big-endian; then
 * the header, JSON in UTF-8, and the bytes whose lengths it gives. Who only passes frames on needs
 * no JSON.
 *
 * @param kind what it says
 * @param fields plain values by name
 * @param parts bytes that are no JSON
 */
public record Frame(String kind, Map<String, Object> fields, List<byte[]> parts) {
  /** Both sides must speak the same version. */
  static final int PROTOCOL = 1;

  /** What a frame is to the one who waits for it. */
  enum Role {
    /** A task, or what was waited for. */
    MESSAGE(0),
    /** Something said beside. */
    REMARK(1),
    /** What comes in the place of an answer. */
    FAILURE(2),
    /** That work goes on: it need not be passed on. */
    SIGN(3);

    private final int number;

    Role(int number) {
      this.number = number;
    }
  }

  private static final int MARK = 0x53_4F_4E_44; // "SOND"
  private static final int LONGEST_HEADER = 1 << 28;
  private static final String KIND = "kind";
  private static final String PARTS = "parts";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<LinkedHashMap<String, Object>> OBJECT =
      new TypeReference<>() {};

  /** A frame with its list copied. */
  public Frame {
    parts = List.copyOf(parts);
  }

  /** A frame of fields alone. */
  public static Frame of(String kind, Map<String, Object> fields) {
    return new Frame(kind, fields, List.of());
  }

  private Role role() {
    return switch (kind) {
      case ShardAnswer.FAILED -> Role.FAILURE;
      case Remark.PROGRESS -> Role.SIGN;
      case Remark.WARNING, Remark.LOG, Remark.STOPPED -> Role.REMARK;
      default -> Role.MESSAGE;
    };
  }

  /** A field that is a text; empty where there is none. */
  public String text(String name) {
    return fields.get(name) instanceof String text ? text : "";
  }

  /** A field that is a number; 0 where there is none. */
  long number(String name) {
    return fields.get(name) instanceof Number number ? number.longValue() : 0;
  }

  /** A field that is an object; nothing in it where there is none. */
  Map<String, Object> object(String name) {
    Map<String, Object> object = new LinkedHashMap<>();
    if (fields.get(name) instanceof Map<?, ?> map) {
      map.forEach((key, value) -> object.put(String.valueOf(key), value));
    }
    return object;
  }

  /** A field that is an object of texts. */
  Map<String, String> texts(String name) {
    Map<String, String> texts = new LinkedHashMap<>();
    object(name).forEach((key, value) -> texts.put(key, String.valueOf(value)));
    return texts;
  }

  /** A field that is a list of objects or texts. */
  List<Object> list(String name) {
    return fields.get(name) instanceof List<?> list ? List.copyOf(list) : List.of();
  }

  /** Writes it and sees that it goes out; one frame at a time. */
  public void write(OutputStream out) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put(KIND, kind);
    header.put(PARTS, parts.stream().map(part -> part.length).toList());
    header.putAll(fields);
    byte[] json = JSON.writeValueAsBytes(header);
    DataOutputStream data = new DataOutputStream(out);
    data.writeInt(MARK);
    data.writeInt(role().number);
    data.writeInt(json.length);
    data.writeLong(parts.stream().mapToLong(part -> part.length).sum());
    data.write(json);
    for (byte[] part : parts) {
      data.write(part);
    }
    data.flush();
  }

  /** Its bytes, as they are written. */
  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * A frame of its bytes.
   *
   * @throws UncheckedIOException if they are none
   */
  public static Frame of(byte[] bytes) {
    try {
      return read(new ByteArrayInputStream(bytes)).orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads the next frame.
   *
   * @return empty at the end
   * @throws IOException if what comes is no frame, or ends within one
   */
  public static Optional<Frame> read(InputStream in) throws IOException {
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    DataInputStream data = new DataInputStream(in);
    int mark = first << 24 | data.readUnsignedByte() << 16 | data.readUnsignedShort();
    data.readInt(); // its role, which the kind tells as well
    int length = data.readInt();
    data.readLong(); // of the parts, whose lengths the header tells
    if (mark != MARK || length < 0 || length > LONGEST_HEADER) {
      throw new IOException("what came is no frame of a worker");
    }
    Map<String, Object> header;
    try {
      header = JSON.readValue(whole(data, length), OBJECT);
    } catch (JacksonException e) {
      throw new IOException("the header of a frame is no JSON", e);
    }
    String kind = String.valueOf(header.remove(KIND));
    List<byte[]> parts = new ArrayList<>();
    if (header.remove(PARTS) instanceof List<?> lengths) {
      for (Object each : lengths) {
        parts.add(whole(data, each instanceof Integer size ? size : -1));
      }
    }
    return Optional.of(new Frame(kind, header, parts));
  }

  private static byte[] whole(DataInputStream data, int length) throws IOException {
    byte[] bytes = length < 0 ? new byte[0] : data.readNBytes(length);
    if (bytes.length != length) {
      throw new IOException("a frame ends within its bytes");
    }
    return bytes;
  }
}
