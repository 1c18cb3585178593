package dev.sonde.probe.position.read;

import java.util.Arrays;

/**
 * Queries or keys of one head before rotation, in plane coordinates: per token all real parts, then
 * all imaginary ones.
 *
 * @param planes the planes of the head
 * @param tokens number of tokens
 * @param values {@code [tokens, 2 · planes]}
 */
public record PlaneRows(Planes planes, int tokens, float[] values) {
  /** The real part of a token in a plane. */
  public float real(int token, int plane) {
    return values[token * 2 * planes.count() + plane];
  }

  /** The imaginary part of a token in a plane. */
  public float imaginary(int token, int plane) {
    return values[(token * 2 + 1) * planes.count() + plane];
  }

  /** The length of a token in a plane. */
  public double length(int token, int plane) {
    double a = real(token, plane);
    double b = imaginary(token, plane);
    return Math.sqrt(a * a + b * b);
  }

  /** The rows without the first tokens. */
  public PlaneRows from(int first) {
    int width = 2 * planes.count();
    float[] rest = Arrays.copyOfRange(values, first * width, values.length);
    return new PlaneRows(planes, tokens - first, rest);
  }

  /** Row t is row {@code order[t]} of these. */
  public PlaneRows inOrder(int[] order) {
    int width = 2 * planes.count();
    float[] moved = new float[values.length];
    for (int token = 0; token < tokens; token++) {
      System.arraycopy(values, order[token] * width, moved, token * width, width);
    }
    return new PlaneRows(planes, tokens, moved);
  }

  /** The mean row, {@code [2 · planes]}. */
  public double[] mean() {
    int width = 2 * planes.count();
    double[] mean = new double[width];
    for (int token = 0; token < tokens; token++) {
      for (int c = 0; c < width; c++) {
        mean[c] += values[token * width + c];
      }
    }
    for (int c = 0; c < width; c++) {
      mean[c] /= tokens;
    }
    return mean;
  }

  /** Each row less another one. */
  public PlaneRows less(double[] row) {
    float[] rest = values.clone();
    for (int cell = 0; cell < rest.length; cell++) {
      rest[cell] -= (float) row[cell % row.length];
    }
    return new PlaneRows(planes, tokens, rest);
  }

  /** Whether every number is finite. */
  public boolean isFinite() {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
