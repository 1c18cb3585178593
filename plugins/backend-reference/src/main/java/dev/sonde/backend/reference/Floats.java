package dev.sonde.backend.reference;

import dev.sonde.formats.Weight;
import java.lang.foreign.MemorySegment;

/** Matrices row by row in flat arrays. */
final class Floats {
  private Floats() {}

  /** All numbers of a weight. */
  static float[] of(Weight weight) {
    return of(weight, 0, Math.toIntExact(weight.count()));
  }

  /** Some numbers of a weight. */
  static float[] of(Weight weight, long from, int count) {
    float[] values = new float[count];
    weight.copyFloats(from, MemorySegment.ofArray(values), count);
    return values;
  }

  /** The sum of two matrices of one shape. */
  static float[] sum(float[] a, float[] b) {
    float[] sum = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  /** The products of the numbers of two matrices of one shape. */
  static float[] product(float[] a, float[] b) {
    float[] product = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      product[i] = a[i] * b[i];
    }
    return product;
  }

  /** A matrix times a number. */
  static float[] times(float[] a, float factor) {
    float[] times = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      times[i] = a[i] * factor;
    }
    return times;
  }

  /** The rows of one matrix behind those of another, row by row. */
  static float[] beside(float[] a, float[] b, int widthA, int widthB) {
    int rows = a.length / widthA;
    float[] both = new float[a.length + b.length];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(a, row * widthA, both, row * (widthA + widthB), widthA);
      System.arraycopy(b, row * widthB, both, row * (widthA + widthB) + widthA, widthB);
    }
    return both;
  }

  /** Some columns of {@code [rows, width]}. */
  static float[] columns(float[] x, int width, int from, int to) {
    int rows = x.length / width;
    float[] columns = new float[rows * (to - from)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(x, row * width + from, columns, row * (to - from), to - from);
    }
    return columns;
  }

  /** Some rows of {@code [rows, width]}. */
  static float[] rows(float[] x, int width, int[] which) {
    float[] rows = new float[which.length * width];
    for (int row = 0; row < which.length; row++) {
      System.arraycopy(x, which[row] * width, rows, row * width, width);
    }
    return rows;
  }
}
