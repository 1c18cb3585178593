package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * One of the matrices that a tensor {@code [count, out, in]} holds one after the other.
 *
 * @param index which of them
 */
record Slice(String name, GgufTensor source, long index) implements Arranged {
  Slice {
    if (source.shape().size() < 2 || index >= source.shape().getFirst()) {
      throw new FormatException(
          source.file(),
          "tensor '%s' of shape %s has no part %d".formatted(source.name(), source.shape(), index));
    }
  }

  @Override
  public List<Long> shape() {
    return source.shape().subList(1, source.shape().size());
  }

  @Override
  public DType dtype() {
    return Arranged.dtype(source);
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    Objects.checkFromIndexSize(from, count, count());
    source.copyFloats(index * count() + from, target, count);
  }
}
