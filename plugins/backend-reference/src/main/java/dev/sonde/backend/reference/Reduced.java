package dev.sonde.backend.reference;

import dev.sonde.api.model.Reduction;
import java.util.Arrays;

/** Runs of rows reduced to one. */
final class Reduced {
  private Reduced() {}

  /** Numbers that remain of rows of some width. */
  static int width(int width, Reduction how) {
    return how == Reduction.NORM ? 1 : width;
  }

  /**
   * One row out of some.
   *
   * @param x {@code [rows, width]}
   * @param from the first row
   * @param to the row after the last; the next one where nothing is reduced
   */
  static float[] of(float[] x, int width, int from, int to, Reduction how) {
    float[] run = Arrays.copyOfRange(x, from * width, to * width);
    return switch (how) {
      case NONE -> run;
      case MEAN -> mean(run, width);
      case MAX -> max(run, width);
      case NORM -> new float[] {norm(run)};
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
