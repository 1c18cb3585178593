package dev.sonde.formats.gguf.model;

import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The same numbers in their order, in another shape. */
record Reshaped(String name, GgufTensor source, List<Long> shape) implements Arranged {
  @Override
  public DType dtype() {
    return Arranged.dtype(source);
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    source.copyFloats(from, target, count);
  }
}
