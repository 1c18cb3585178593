package dev.sonde.formats.gguf.model;

import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * A matrix or vector whose rows stand in another order.
 *
 * @param sourceRow per row the row of the source that it is
 */
record ReorderedRows(String name, GgufTensor source, LongUnaryOperator sourceRow)
    implements Arranged {
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
    long columns = count() / shape().getFirst();
    for (long done = 0; done < count; ) {
      long row = (from + done) / columns;
      long column = (from + done) % columns;
      long copied = Math.min(columns - column, count - done);
      source.copyFloats(
          sourceRow.applyAsLong(row) * columns + column,
          target.asSlice(done * Float.BYTES, copied * Float.BYTES),
          copied);
      done += copied;
    }
  }
}
