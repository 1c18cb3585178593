package dev.sonde.backend.reference;

import java.util.Arrays;

/** Loops that the compiler can vectorise: each input adds a multiple of a row of weights. */
final class ScalarKernel implements Kernel {
  @Override
  public void multiply(float[] x, float[] w, float[] y, int rows, int in, int out) {
    float[] sum = new float[out];
    for (int r = 0; r < rows; r++) {
      Arrays.fill(sum, 0);
      for (int i = 0; i < in; i++) {
        addScaled(sum, w, i * out, x[r * in + i]);
      }
      System.arraycopy(sum, 0, y, r * out, out);
    }
  }

  private static void addScaled(float[] sum, float[] row, int offset, float scale) {
    for (int j = 0; j < sum.length; j++) {
      sum[j] += scale * row[offset + j];
    }
  }
}
