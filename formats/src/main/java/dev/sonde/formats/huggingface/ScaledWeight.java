package dev.sonde.formats.huggingface;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.Weight;
import dev.sonde.formats.safetensors.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;

/**
 * A matrix whose numbers are to be multiplied with a scale: one for all, one a row, or one for each
 * block of rows and columns.
 *
 * @param stored {@code [rows, columns]}
 * @param scales row by row
 * @param scaleColumns scales in a row of blocks
 * @param blockRows rows that share a scale
 * @param blockColumns columns that share a scale
 */
record ScaledWeight(
    Tensor stored, float[] scales, int scaleColumns, int blockRows, int blockColumns)
    implements Weight {
  private static final int USUAL_BLOCK = 128;

  /** With the scales in the shape that the file has them in. */
  static ScaledWeight of(Path folder, Tensor stored, Tensor scale) {
    List<Long> shape = stored.shape();
    if (shape.size() != 2) {
      throw new FormatException(folder, "tensor '" + stored.name() + "' is no scaled matrix");
    }
    int rows = Math.toIntExact(shape.getFirst());
    int columns = Math.toIntExact(shape.getLast());
    float[] scales = new float[Math.toIntExact(scale.count())];
    scale.copyFloats(0, MemorySegment.ofArray(scales), scales.length);
    if (scales.length == 1) {
      return new ScaledWeight(stored, scales, 1, rows, columns);
    }
    int scaleRows = Math.toIntExact(scale.shape().getFirst());
    int scaleColumns = scales.length / Math.max(1, scaleRows);
    if (scaleRows == rows && scaleColumns == 1) {
      return new ScaledWeight(stored, scales, 1, 1, columns);
    }
    int blockRows = block(rows, scaleRows);
    int blockColumns = block(columns, scaleColumns);
    if (scaleRows != Math.ceilDiv(rows, blockRows)
        || scaleColumns != Math.ceilDiv(columns, blockColumns)) {
      throw new FormatException(
          folder,
          "tensor '%s' of shape %s has scales of shape %s"
              .formatted(stored.name(), shape, scale.shape()));
    }
    return new ScaledWeight(stored, scales, scaleColumns, blockRows, blockColumns);
  }

  private static int block(int size, int scales) {
    return Math.ceilDiv(size, USUAL_BLOCK) == scales
        ? USUAL_BLOCK
        : Math.ceilDiv(size, Math.max(1, scales));
  }

  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public List<Long> shape() {
    return stored.shape();
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    long columns = stored.shape().getLast();
    stored.copyFloats(from, target, count);
    for (long i = 0; i < count; i++) {
      long row = (from + i) / columns;
      long column = (from + i) % columns;
      float scale = scales[(int) (row / blockRows * scaleColumns + column / blockColumns)];
      float value = target.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value * scale);
    }
  }
}
