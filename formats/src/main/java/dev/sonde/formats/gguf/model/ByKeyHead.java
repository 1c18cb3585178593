package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;

/**
 * What goes into a delta net, key head by key head: rows of its query, its key, its values and
 * their gates. Files have all queries, all keys and all values in one tensor, all gates in another.
 *
 * @param values rows of values of one key head
 */
record ByKeyHead(
    String name, GgufTensor mixed, GgufTensor gates, long keyHeads, long keyWidth, long values)
    implements Arranged {
  ByKeyHead {
    long keys = keyHeads * keyWidth;
    if (mixed.shape().getFirst() != 2 * keys + keyHeads * values
        || gates.shape().getFirst() != keyHeads * values) {
      throw new FormatException(
          mixed.file(),
          "tensors '%s' and '%s' of shapes %s and %s are not those of %d key heads"
              .formatted(mixed.name(), gates.name(), mixed.shape(), gates.shape(), keyHeads));
    }
  }

  @Override
  public List<Long> shape() {
    return List.of(mixed.shape().getFirst() + gates.shape().getFirst(), mixed.shape().getLast());
  }

  @Override
  public DType dtype() {
    return Arranged.dtype(mixed);
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    Objects.checkFromIndexSize(from, count, count());
    long columns = shape().getLast();
    for (long done = 0; done < count; ) {
      long column = (from + done) % columns;
      long copied = Math.min(columns - column, count - done);
      MemorySegment to = target.asSlice(done * Float.BYTES, copied * Float.BYTES);
      copy((from + done) / columns, column, to, copied);
      done += copied;
    }
  }

  private void copy(long row, long column, MemorySegment to, long count) {
    long head = row / (2 * (keyWidth + values));
    long within = row % (2 * (keyWidth + values));
    long keys = keyHeads * keyWidth;
    long columns = shape().getLast();
    if (within < keyWidth) {
      mixed.copyFloats((head * keyWidth + within) * columns + column, to, count);
    } else if (within < 2 * keyWidth) {
      long key = keys + head * keyWidth + within - keyWidth;
      mixed.copyFloats(key * columns + column, to, count);
    } else if (within < 2 * keyWidth + values) {
      long value = 2 * keys + head * values + within - 2 * keyWidth;
      mixed.copyFloats(value * columns + column, to, count);
    } else {
      long gate = head * values + within - 2 * keyWidth - values;
      gates.copyFloats(gate * columns + column, to, count);
    }
  }
}
