package dev.sonde.formats.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes small GGUF files of version 3, little-endian: metadata without arrays, and vectors of F32.
 * Bytes are those that llama.cpp and its Python package write.
 */
public final class GgufWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private GgufWriter() {}

  /**
   * The bytes of a file.
   *
   * @param pairs its metadata; {@code general.alignment} among them is obeyed
   * @param vectors its tensors by name, in the order in which they will lie
   * @throws IllegalArgumentException if a pair is an array
   */
  public static byte[] bytes(List<GgufPair> pairs, Map<String, float[]> vectors) {
    return new GgufWriter().file(pairs, vectors);
  }

  private byte[] file(List<GgufPair> pairs, Map<String, float[]> vectors) {
    int alignment = alignment(pairs);
    i32(HeaderReader.MAGIC);
    i32(HeaderReader.NEWEST_VERSION);
    i64(vectors.size());
    i64(pairs.size());
    pairs.forEach(this::pair);
    long offset = 0;
    for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
      text(vector.getKey());
      i32(1);
      i64(vector.getValue().length);
      i32(GgufType.F32.id());
      i64(offset);
      offset += Math.ceilDiv((long) vector.getValue().length * Float.BYTES, alignment) * alignment;
    }
    pad(alignment);
    for (float[] vector : vectors.values()) {
      for (float number : vector) {
        i32(Float.floatToRawIntBits(number));
      }
      pad(alignment);
    }
    return bytes.toByteArray();
  }

  private static int alignment(List<GgufPair> pairs) {
    Object alignment =
        pairs.stream()
            .filter(pair -> pair.key().equals(HeaderReader.ALIGNMENT))
            .map(GgufPair::value)
            .findFirst()
            .orElse(HeaderReader.DEFAULT_ALIGNMENT);
    return ((Number) alignment).intValue();
  }

  private void pair(GgufPair pair) {
    text(pair.key());
    i32(pair.type().id());
    switch (pair.type()) {
      case UINT8, INT8 -> bytes.write(((Number) pair.value()).intValue());
      case UINT16, INT16 -> little(((Number) pair.value()).shortValue(), Short.BYTES);
      case UINT32, INT32 -> i32(((Number) pair.value()).intValue());
      case UINT64, INT64 -> i64(((Number) pair.value()).longValue());
      case FLOAT32 -> i32(Float.floatToRawIntBits((Float) pair.value()));
      case FLOAT64 -> i64(Double.doubleToRawLongBits((Double) pair.value()));
      case BOOL -> bytes.write((Boolean) pair.value() ? 1 : 0);
      case STRING -> text((String) pair.value());
      case ARRAY -> throw new IllegalArgumentException(pair.key() + " is an array");
    }
  }

  private void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    i64(utf8.length);
    bytes.writeBytes(utf8);
  }

  private void i32(int value) {
    little(value, Integer.BYTES);
  }

  private void i64(long value) {
    little(value, Long.BYTES);
  }

  private void little(long value, int size) {
    for (int i = 0; i < size; i++) {
      bytes.write((int) (value >>> (Byte.SIZE * i)));
    }
  }

  private void pad(int alignment) {
    while (bytes.size() % alignment != 0) {
      bytes.write(0);
    }
  }
}
