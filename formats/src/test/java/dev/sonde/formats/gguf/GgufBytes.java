package dev.sonde.formats.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes the parts of a GGUF file one after the other, right or wrong. */
public final class GgufBytes {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** Nothing yet. */
  public GgufBytes() {}

  public static GgufBytes header(long tensors, long pairs) {
    return new GgufBytes().ascii("GGUF").u32(3).u64(tensors).u64(pairs);
  }

  public GgufBytes u8(int value) {
    bytes.write(value);
    return this;
  }

  public GgufBytes u32(long value) {
    return put(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt((int) value));
  }

  public GgufBytes u64(long value) {
    return put(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value));
  }

  public GgufBytes f32(float value) {
    return u32(Float.floatToRawIntBits(value));
  }

  public GgufBytes ascii(String text) {
    return put(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  public GgufBytes text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return u64(utf8.length).put(ByteBuffer.wrap(utf8));
  }

  /** A text pair. */
  public GgufBytes pair(String key, String value) {
    return text(key).u32(8).text(value);
  }

  /** A UINT32 pair. */
  public GgufBytes pair(String key, long value) {
    return text(key).u32(4).u32(value);
  }

  /** A one-dimensional F32 tensor. */
  public GgufBytes vector(String name, long size, long offset) {
    return text(name).u32(1).u64(size).u32(0).u64(offset);
  }

  public GgufBytes padTo(int alignment) {
    while (bytes.size() % alignment != 0) {
      bytes.write(0);
    }
    return this;
  }

  public byte[] toArray() {
    return bytes.toByteArray();
  }

  private GgufBytes put(ByteBuffer buffer) {
    bytes.writeBytes(buffer.array());
    return this;
  }
}
