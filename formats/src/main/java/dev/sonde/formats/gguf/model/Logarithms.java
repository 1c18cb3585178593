package dev.sonde.formats.gguf.model;

import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** How fast states fade: files have {@code −e^x} of the numbers of the folder, in one column. */
record Logarithms(String name, GgufTensor source) implements Arranged {
  @Override
  public List<Long> shape() {
    return List.of(source.count());
  }

  @Override
  public DType dtype() {
    return DType.F32;
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    source.copyFloats(from, target, count);
    for (long i = 0; i < count; i++) {
      float stored = target.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      target.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.log(-stored));
    }
  }
}
