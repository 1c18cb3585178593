package dev.sonde.packing;

import dev.sonde.api.model.Reduction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The activations of a packed batch as one array, from which reads take their rows. */
public final class DenseRows implements Readout.Taker {
  private final float[] cells;
  private final int width;

  /**
   * Activations at one hook point.
   *
   * @param cells {@code [tokens of the batch, width]}
   */
  public DenseRows(float[] cells, int width) {
    this.cells = cells.clone();
    this.width = width;
  }

  @Override
  public Readout.Values take(RowSelection rows, Reduction how, Arena memory) {
    int columns = how == Reduction.NORM ? 1 : width;
    MemorySegment taken =
        memory.allocate(Math.max(1L, (long) rows.size() * columns) * Float.BYTES, Float.BYTES);
    for (int row = 0; row < rows.size(); row++) {
      float[] reduced = reduced(rows.from(row), rows.to(row), how);
      MemorySegment.copy(
          reduced, 0, taken, ValueLayout.JAVA_FLOAT, (long) row * columns * Float.BYTES, columns);
    }
    return new Readout.Values(taken, columns);
  }

  private float[] reduced(int from, int to, Reduction how) {
    float[] run = Arrays.copyOfRange(cells, from * width, to * width);
    return switch (how) {
      case NONE -> run;
      case MEAN -> mean(run);
      case MAX -> max(run);
      case NORM -> new float[] {norm(run)};
    };
  }

  private float[] mean(float[] run) {
    double[] sums = new double[width];
    for (int i = 0; i < run.length; i++) {
      sums[i % width] += run[i];
    }
    float[] means = new float[width];
    for (int c = 0; c < width; c++) {
      means[c] = (float) (sums[c] * width / run.length);
    }
    return means;
  }

  private float[] max(float[] run) {
    float[] highest = Arrays.copyOf(run, width);
    for (int i = width; i < run.length; i++) {
      highest[i % width] = Math.max(highest[i % width], run[i]);
    }
    return highest;
  }

  private static float norm(float[] run) {
    double squares = 0;
    for (float value : run) {
      squares += (double) value * value;
    }
    return (float) Math.sqrt(squares);
  }
}
