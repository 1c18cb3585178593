package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Objects;

/**
 * Matrices {@code [heads, rank, keys]} and {@code [heads, values, rank]} as one of {@code [heads ·
 * (keys + values), rank]}.
 */
record KeysAndValues(String name, GgufTensor keys, GgufTensor values) implements Arranged {
  KeysAndValues {
    List<Long> k = keys.shape();
    List<Long> v = values.shape();
    boolean fit =
        k.size() == 3
            && v.size() == 3
            && k.getFirst().equals(v.getFirst())
            && k.get(1).equals(v.getLast());
    if (!fit) {
      throw new FormatException(
          keys.file(),
          "tensors '%s' and '%s' have the shapes %s and %s"
              .formatted(keys.name(), values.name(), k, v));
    }
  }

  @Override
  public List<Long> shape() {
    return List.of(keys.shape().getFirst() * rows(), rank());
  }

  private long rank() {
    return values.shape().getLast();
  }

  private long keyRows() {
    return keys.shape().getLast();
  }

  private long rows() {
    return keyRows() + values.shape().get(1);
  }

  @Override
  public DType dtype() {
    return Arranged.dtype(values);
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    Objects.checkFromIndexSize(from, count, count());
    MemorySegment transposed =
        MemorySegment.ofArray(new float[Math.toIntExact(rank() * keyRows())]);
    long decoded = -1;
    for (long done = 0; done < count; ) {
      long row = (from + done) / rank();
      long column = (from + done) % rank();
      long head = row / rows();
      long within = row % rows();
      long copied = Math.min(rank() - column, count - done);
      if (within < keyRows()) {
        if (decoded != head) {
          keys.copyFloats(head * rank() * keyRows(), transposed, rank() * keyRows());
          decoded = head;
        }
        for (long i = 0; i < copied; i++) {
          float number =
              transposed.getAtIndex(ValueLayout.JAVA_FLOAT, (column + i) * keyRows() + within);
          target.setAtIndex(ValueLayout.JAVA_FLOAT, done + i, number);
        }
      } else {
        values.copyFloats(
            (head * (rows() - keyRows()) + within - keyRows()) * rank() + column,
            target.asSlice(done * Float.BYTES, copied * Float.BYTES),
            copied);
      }
      done += copied;
    }
  }
}
