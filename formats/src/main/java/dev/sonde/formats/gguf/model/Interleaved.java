package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Transposed matrices with alternating columns: number {@code (expert, in, which + sources · out)}
 * is number {@code (expert, out, in)} of source {@code which}.
 *
 * @param sources of one shape
 * @param inputs length of a source's row
 * @param outputs rows of a source per expert
 */
record Interleaved(
    String name, List<Long> shape, List<GgufTensor> sources, long inputs, long outputs)
    implements Arranged {

  Interleaved {
    for (GgufTensor source : sources) {
      if (!source.shape().equals(sources.getFirst().shape())) {
        throw new FormatException(
            source.file(),
            "tensors '%s' and '%s' have the shapes %s and %s"
                .formatted(
                    sources.getFirst().name(),
                    source.name(),
                    sources.getFirst().shape(),
                    source.shape()));
      }
    }
  }

  static Interleaved transposed(String name, List<GgufTensor> sources) {
    List<Long> stored = sources.getFirst().shape();
    if (stored.size() < 2) {
      throw new FormatException(
          sources.getFirst().file(), "tensor '%s' is no matrix".formatted(name));
    }
    long inputs = stored.getLast();
    long outputs = stored.get(stored.size() - 2);
    List<Long> shape = new ArrayList<>(stored.subList(0, stored.size() - 2));
    shape.addAll(List.of(inputs, outputs * sources.size()));
    return new Interleaved(name, shape, sources, inputs, outputs);
  }

  static Interleaved vectors(String name, List<GgufTensor> sources) {
    List<Long> stored = sources.getFirst().shape();
    long outputs = stored.getLast();
    List<Long> shape = new ArrayList<>(stored.subList(0, stored.size() - 1));
    shape.add(outputs * sources.size());
    return new Interleaved(name, shape, sources, 1, outputs);
  }

  @Override
  public DType dtype() {
    return Arranged.dtype(sources.getFirst());
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    Objects.checkFromIndexSize(from, count, count());
    long columns = outputs * sources.size();
    for (long done = 0; done < count; ) {
      long row = (from + done) / columns;
      long expert = row / inputs;
      // Rows of one expert are copied together: a row of the source then is decoded once for all.
      long lastRow = Math.min((from + count - 1) / columns, (expert + 1) * inputs - 1);
      copyRows(expert, row % inputs, lastRow - row + 1, row * columns - from, target, count);
      done = (lastRow + 1) * columns - from;
    }
  }

  /**
   * Copies some rows of an expert, as far as they lie in the target.
   *
   * @param offset where the first row begins in the target; negative if before it
   */
  private void copyRows(
      long expert, long firstRow, long rows, long offset, MemorySegment target, long count) {
    long columns = outputs * sources.size();
    MemorySegment part = MemorySegment.ofArray(new float[Math.toIntExact(rows)]);
    for (int which = 0; which < sources.size(); which++) {
      for (long out = 0; out < outputs; out++) {
        sources.get(which).copyFloats((expert * outputs + out) * inputs + firstRow, part, rows);
        for (long row = 0; row < rows; row++) {
          long at = offset + row * columns + which + sources.size() * out;
          if (at >= 0 && at < count) {
            target.setAtIndex(
                ValueLayout.JAVA_FLOAT, at, part.getAtIndex(ValueLayout.JAVA_FLOAT, row));
          }
        }
      }
    }
  }
}
