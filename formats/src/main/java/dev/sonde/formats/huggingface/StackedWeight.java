package dev.sonde.formats.huggingface;

import dev.sonde.formats.Weight;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Weights of one size one behind the other, as one. */
record StackedWeight(String name, List<Long> shape, List<Weight> parts) implements Weight {
  StackedWeight {
    shape = List.copyOf(shape);
    parts = List.copyOf(parts);
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    long each = parts.getFirst().count();
    long done = 0;
    while (done < count) {
      long at = from + done;
      long within = at % each;
      long some = Math.min(each - within, count - done);
      parts
          .get(Math.toIntExact(at / each))
          .copyFloats(within, target.asSlice(done * Float.BYTES), some);
      done += some;
    }
  }
}
