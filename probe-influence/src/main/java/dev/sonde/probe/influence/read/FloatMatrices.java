package dev.sonde.probe.influence.read;

import dev.sonde.api.linalg.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Loops over the cells of float32 matrices of one shape. */
public final class FloatMatrices {
  private FloatMatrices() {}

  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** A float32 matrix of zeros. */
  public static Matrix zeros(int rows, int columns) {
    return Matrix.zeros(Matrix.Type.FLOAT32, rows, columns);
  }

  /** The same cells in memory of their own, which can be changed. */
  public static Matrix copy(Matrix matrix) {
    Matrix copy = zeros(matrix.rows(), matrix.columns());
    copy.segment().copyFrom(matrix.segment());
    return copy;
  }

  /** Number of cells. */
  public static long count(Matrix matrix) {
    return (long) matrix.rows() * matrix.columns();
  }

  /** {@code sum += part}. */
  public static void add(Matrix sum, Matrix part) {
    MemorySegment to = sum.segment();
    MemorySegment from = part.segment();
    for (long cell = 0; cell < count(sum); cell++) {
      to.setAtIndex(FLOAT, cell, to.getAtIndex(FLOAT, cell) + from.getAtIndex(FLOAT, cell));
    }
  }

  /** {@code sum += factor * part}. */
  public static void addScaled(Matrix sum, double factor, Matrix part) {
    MemorySegment to = sum.segment();
    MemorySegment from = part.segment();
    float by = (float) factor;
    for (long cell = 0; cell < count(sum); cell++) {
      to.setAtIndex(FLOAT, cell, to.getAtIndex(FLOAT, cell) + by * from.getAtIndex(FLOAT, cell));
    }
  }

  /** {@code sum += part²}, cell by cell. */
  public static void addSquares(Matrix sum, Matrix part) {
    MemorySegment to = sum.segment();
    MemorySegment from = part.segment();
    for (long cell = 0; cell < count(sum); cell++) {
      float value = from.getAtIndex(FLOAT, cell);
      to.setAtIndex(FLOAT, cell, to.getAtIndex(FLOAT, cell) + value * value);
    }
  }

  /** {@code matrix *= factor}. */
  public static void scale(Matrix matrix, double factor) {
    MemorySegment cells = matrix.segment();
    for (long cell = 0; cell < count(matrix); cell++) {
      cells.setAtIndex(FLOAT, cell, (float) (cells.getAtIndex(FLOAT, cell) * factor));
    }
  }

  /** {@code a / (b + shift)}, cell by cell. */
  public static Matrix quotient(Matrix a, Matrix b, double shift) {
    Matrix quotient = zeros(a.rows(), a.columns());
    MemorySegment above = a.segment();
    MemorySegment below = b.segment();
    float more = (float) shift;
    for (long cell = 0; cell < count(a); cell++) {
      float value = above.getAtIndex(FLOAT, cell) / (below.getAtIndex(FLOAT, cell) + more);
      quotient.segment().setAtIndex(FLOAT, cell, value);
    }
    return quotient;
  }

  /** The mean of all cells. */
  public static double mean(Matrix matrix) {
    double sum = 0;
    for (long cell = 0; cell < count(matrix); cell++) {
      sum += matrix.segment().getAtIndex(FLOAT, cell);
    }
    return sum / count(matrix);
  }

  /** The sum of all products of cells. */
  public static double dot(Matrix a, Matrix b) {
    double sum = 0;
    for (long cell = 0; cell < count(a); cell++) {
      sum += a.segment().getAtIndex(FLOAT, cell) * (double) b.segment().getAtIndex(FLOAT, cell);
    }
    return sum;
  }

  static boolean areFinite(Matrix matrix) {
    float sum = 0;
    for (long cell = 0; cell < count(matrix); cell++) {
      sum += 0 * matrix.segment().getAtIndex(FLOAT, cell); // 0 · ∞ and 0 · NaN are NaN
    }
    return sum == 0;
  }

  /** Copies a matrix into one row of another, cell after cell. */
  public static void intoRow(Matrix table, int row, Matrix matrix) {
    table.rows(row, row + 1).segment().copyFrom(matrix.segment());
  }

  /** One row of a table as a matrix of a shape; the same memory. */
  public static Matrix shaped(Matrix table, int row, int rows, int columns) {
    return Matrix.of(table.rows(row, row + 1).segment(), Matrix.Type.FLOAT32, rows, columns);
  }
}
