package dev.sonde.formats.huggingface;

import dev.sonde.formats.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** One number everywhere: what norms and biases begin with. */
record ConstantWeight(String name, List<Long> shape, float value) implements Weight {
  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    for (long i = 0; i < count; i++) {
      target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }
}
