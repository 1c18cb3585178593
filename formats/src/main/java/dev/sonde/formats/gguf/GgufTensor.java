package dev.sonde.formats.gguf;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A tensor of a file, its numbers decoded when asked.
 *
 * @param file named in messages
 * @param name its key
 * @param type how its numbers are stored
 * @param shape its sizes, outermost first (the file lists them innermost first)
 * @param data its blocks
 */
public record GgufTensor(
    Path file, String name, GgufType type, List<Long> shape, MemorySegment data) implements Weight {
  /**
   * Numbers decoded in one go: enough to make the copies around them cheap, few enough to stay in
   * the cache.
   */
  private static final int RUN = 4096;

  /** A tensor with its shape copied. */
  public GgufTensor {
    shape = List.copyOf(shape);
  }

  @Override
  public Optional<MemorySegment> float32() {
    boolean ready =
        type == GgufType.F32
            && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN
            && data.address() % Float.BYTES == 0;
    return ready ? Optional.of(data) : Optional.empty();
  }

  /**
   * {@inheritDoc}
   *
   * @throws FormatException naming tensor and type if this reader does not know how to decode it
   */
  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    Objects.checkFromIndexSize(from, count, count());
    if (float32().isPresent()) {
      MemorySegment.copy(data, from * Float.BYTES, target, 0, count * Float.BYTES);
    } else {
      decode(from, target, count, decoder());
    }
  }

  private void decode(long from, MemorySegment target, long count, BlockDecoder decoder) {
    int elements = type.blockElements();
    long block = from / elements;
    int skip = (int) (from % elements);
    int blocks = (int) Math.min(RUN / elements, Math.ceilDiv(skip + count, elements));
    byte[] bytes = new byte[blocks * type.blockBytes()];
    float[] numbers = new float[blocks * elements];
    for (long done = 0; done < count; block += blocks, skip = 0) {
      blocks = (int) Math.min(blocks, Math.ceilDiv(skip + count - done, elements));
      MemorySegment.copy(
          data,
          ValueLayout.JAVA_BYTE,
          block * type.blockBytes(),
          bytes,
          0,
          blocks * type.blockBytes());
      decoder.decode(bytes, blocks, numbers);
      int copied = (int) Math.min(blocks * elements - skip, count - done);
      MemorySegment.copy(numbers, skip, target, ValueLayout.JAVA_FLOAT, done * Float.BYTES, copied);
      done += copied;
    }
  }

  private BlockDecoder decoder() {
    if (type.integer()) {
      throw new UnsupportedOperationException(name + " holds integers (" + type + ")");
    }
    return BlockDecoder.of(type)
        .orElseThrow(
            () ->
                new FormatException(
                    file,
                    "tensor '%s' is stored as %s, which is not read; use a file quantised as one of: %s"
                        .formatted(name, type, BlockDecoder.readable())));
  }
}
