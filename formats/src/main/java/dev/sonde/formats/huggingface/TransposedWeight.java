package dev.sonde.formats.huggingface;

import dev.sonde.formats.Weight;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/** A matrix with rows and columns exchanged. */
record TransposedWeight(Weight stored) implements Weight {
  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public List<Long> shape() {
    return stored.shape().reversed();
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    long rows = shape().getFirst();
    long columns = shape().getLast();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment all = arena.allocate(count() * Float.BYTES, Float.BYTES);
      stored.copyFloats(0, all, count());
      for (long i = 0; i < count; i++) {
        long row = (from + i) / columns;
        long column = (from + i) % columns;
        float value = all.getAtIndex(ValueLayout.JAVA_FLOAT, column * rows + row);
        target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
      }
    }
  }
}
