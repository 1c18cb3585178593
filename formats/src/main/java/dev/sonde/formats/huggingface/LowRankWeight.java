package dev.sonde.formats.huggingface;

import dev.sonde.formats.Weight;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A matrix plus {@code scale · up · down}.
 *
 * @param base {@code [rows, columns]}
 * @param down {@code [rank, columns]}
 * @param up {@code [rows, rank]}
 */
record LowRankWeight(Weight base, float[] down, float[] up, int rank, double scale)
    implements Weight {
  static LowRankWeight of(Weight base, Weight down, Weight up, double scale) {
    int rank = Math.toIntExact(down.shape().getFirst());
    return new LowRankWeight(base, floats(down), floats(up), rank, scale);
  }

  private static float[] floats(Weight weight) {
    float[] all = new float[Math.toIntExact(weight.count())];
    weight.copyFloats(0, MemorySegment.ofArray(all), all.length);
    return all;
  }

  @Override
  public String name() {
    return base.name();
  }

  @Override
  public List<Long> shape() {
    return base.shape();
  }

  @Override
  public void copyFloats(long from, MemorySegment target, long count) {
    int columns = Math.toIntExact(shape().getLast());
    base.copyFloats(from, target, count);
    double[] added = new double[columns];
    long row = -1;
    for (long i = 0; i < count; i++) {
      if ((from + i) / columns != row) {
        row = (from + i) / columns;
        product(Math.toIntExact(row), added);
      }
      float value = target.getAtIndex(ValueLayout.JAVA_FLOAT, i);
      value += (float) added[(int) ((from + i) % columns)];
      target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
  }

  private void product(int row, double[] added) {
    java.util.Arrays.fill(added, 0);
    for (int r = 0; r < rank; r++) {
      double share = scale * up[row * rank + r];
      for (int column = 0; column < added.length; column++) {
        added[column] += share * down[r * added.length + column];
      }
    }
  }
}
