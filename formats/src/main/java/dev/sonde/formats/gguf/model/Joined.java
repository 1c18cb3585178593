package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.GgufTensor;
import dev.sonde.formats.safetensors.DType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Matrices {@code [(count,) out, in]} of several sources as {@code [(count,) sources · out, in]}:
 * the rows of one after those of the other.
 *
 * @param sources of one shape
 * @param part numbers that stand together in a source
 */
record Joined(String name, List<Long> shape, List<GgufTensor> sources, long part)
    implements Arranged {

  static Joined of(String name, List<GgufTensor> sources) {
    GgufTensor first = sources.getFirst();
    for (GgufTensor source : sources) {
      if (source.shape().size() < 2 || !source.shape().equals(first.shape())) {
        throw new FormatException(
            source.file(),
            "tensors '%s' and '%s' have the shapes %s and %s"
                .formatted(first.name(), source.name(), first.shape(), source.shape()));
      }
    }
    int rows = first.shape().size() - 2;
    List<Long> shape = new ArrayList<>(first.shape());
    shape.set(rows, first.shape().get(rows) * sources.size());
    return new Joined(name, shape, sources, first.shape().get(rows) * first.shape().getLast());
  }

  @Override
  public DType dtype() {
    return Arranged.dtype(sources.getFirst());
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    Objects.checkFromIndexSize(from, count, count());
    for (long done = 0; done < count; ) {
      long at = from + done;
      long within = at % part;
      long copied = Math.min(part - within, count - done);
      sources
          .get((int) (at / part % sources.size()))
          .copyFloats(
              at / part / sources.size() * part + within,
              target.asSlice(done * Float.BYTES, copied * Float.BYTES),
              copied);
      done += copied;
    }
  }
}
