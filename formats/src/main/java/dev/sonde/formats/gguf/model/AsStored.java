package dev.sonde.formats.gguf.model;

import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

/** A tensor under another name. */
record AsStored(String name, GgufTensor source) implements Arranged {
  @Override
  public List<Long> shape() {
    return source.shape();
  }

  @Override
  public DType dtype() {
    return Arranged.dtype(source);
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    source.copyFloats(from, target, count);
  }

  @Override
  public Optional<MemorySegment> float32() {
    return source.float32();
  }
}
