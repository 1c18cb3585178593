package dev.sonde.packing;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.Read;
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
   * @param cells {@code [tokens of the batch, width]}; they are not copied
   */
  public DenseRows(float[] cells, int width) {
    this.cells = cells;
    this.width = width;
  }

  @Override
  public Readout.Values take(RowSelection rows, String reduction, Arena memory) {
    int columns = width(width, reduction);
    MemorySegment taken =
        memory.allocate(Math.max(1L, (long) rows.size() * columns) * Float.BYTES, Float.BYTES);
    for (int row = 0; row < rows.size(); row++) {
      float[] reduced = reduced(cells, width, rows.from(row), rows.to(row), reduction);
      MemorySegment.copy(
          reduced, 0, taken, ValueLayout.JAVA_FLOAT, (long) row * columns * Float.BYTES, columns);
    }
    return new Readout.Values(taken, columns);
  }

  /** Numbers that a reduction leaves of rows of some width. */
  public static int width(int width, String reduction) {
    return reduction.equals(Read.NORM) ? 1 : width;
  }

  /**
   * A run of rows reduced to one.
   *
   * @param cells {@code [rows, width]}
   * @param from the first row
   * @param to the row after the last; the next one where nothing is reduced
   * @throws UnsupportedCapabilityException if the reduction is not known here
   */
  public static float[] reduced(float[] cells, int width, int from, int to, String reduction) {
    float[] run = Arrays.copyOfRange(cells, from * width, to * width);
    return switch (reduction) {
      case Read.NONE -> run;
      case Read.MEAN -> mean(run, width);
      case Read.MAX -> max(run, width);
      case Read.NORM -> new float[] {norm(run)};
      default -> throw new UnsupportedCapabilityException("unknown reduction '" + reduction + "'");
    };
  }

  private static float[] mean(float[] run, int width) {
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

  private static float[] max(float[] run, int width) {
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
