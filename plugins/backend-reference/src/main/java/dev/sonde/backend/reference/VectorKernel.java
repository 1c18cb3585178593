package dev.sonde.backend.reference;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Four rows and one vector of columns at a time, so that each weight is loaded once for the four.
 */
final class VectorKernel implements Kernel {
  private static final VectorSpecies<Float> LANES = FloatVector.SPECIES_PREFERRED;
  private static final int ROWS = 4;

  private final Kernel rest = new ScalarKernel();

  @Override
  public void multiply(float[] x, float[] w, float[] y, int rows, int in, int out) {
    if (out % LANES.length() != 0) {
      rest.multiply(x, w, y, rows, in, out);
      return;
    }
    int r = 0;
    for (; r + ROWS <= rows; r += ROWS) {
      for (int j = 0; j < out; j += LANES.length()) {
        fourRows(x, w, y, r, j, in, out);
      }
    }
    for (; r < rows; r++) {
      for (int j = 0; j < out; j += LANES.length()) {
        oneRow(x, w, y, r, j, in, out);
      }
    }
  }

  private static void fourRows(float[] x, float[] w, float[] y, int r, int j, int in, int out) {
    FloatVector sum0 = FloatVector.zero(LANES);
    FloatVector sum1 = sum0;
    FloatVector sum2 = sum0;
    FloatVector sum3 = sum0;
    int x0 = r * in;
    for (int i = 0; i < in; i++) {
      FloatVector weights = FloatVector.fromArray(LANES, w, i * out + j);
      sum0 = weights.fma(FloatVector.broadcast(LANES, x[x0 + i]), sum0);
      sum1 = weights.fma(FloatVector.broadcast(LANES, x[x0 + in + i]), sum1);
      sum2 = weights.fma(FloatVector.broadcast(LANES, x[x0 + 2 * in + i]), sum2);
      sum3 = weights.fma(FloatVector.broadcast(LANES, x[x0 + 3 * in + i]), sum3);
    }
    sum0.intoArray(y, r * out + j);
    sum1.intoArray(y, (r + 1) * out + j);
    sum2.intoArray(y, (r + 2) * out + j);
    sum3.intoArray(y, (r + 3) * out + j);
  }

  private static void oneRow(float[] x, float[] w, float[] y, int r, int j, int in, int out) {
    FloatVector sum = FloatVector.zero(LANES);
    for (int i = 0; i < in; i++) {
      FloatVector weights = FloatVector.fromArray(LANES, w, i * out + j);
      sum = weights.fma(FloatVector.broadcast(LANES, x[r * in + i]), sum);
    }
    sum.intoArray(y, r * out + j);
  }
}
