package dev.sonde.api.linalg;

import dev.sonde.api.ApiStatus;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A dense row-major matrix {@code [rows, columns]} of float32 or float64 numbers in native byte
 * order. It is a view: whoever owns the memory segment decides how long it lives.
 */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Matrix {
  /** The number type of the cells. */
  public enum Type {
    /** 4-byte IEEE numbers. */
    FLOAT32(Float.BYTES),
    /** 8-byte IEEE numbers. */
    FLOAT64(Double.BYTES);

    private final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }

    /** Bytes of one cell. */
    public int bytes() {
      return bytes;
    }
  }

  private static final long ALIGNMENT = 64;

  private final Type type;
  private final int rows;
  private final int columns;
  private final MemorySegment segment;

  private Matrix(Type type, int rows, int columns, MemorySegment segment) {
    this.type = type;
    this.rows = rows;
    this.columns = columns;
    this.segment = segment;
  }

  /**
   * A view of existing memory.
   *
   * @throws IllegalArgumentException if the segment is smaller than {@code rows * columns} cells
   */
  public static Matrix of(MemorySegment segment, Type type, int rows, int columns) {
    long bytes = (long) rows * columns * type.bytes();
    if (rows < 0 || columns < 0 || segment.byteSize() < bytes) {
      throw new IllegalArgumentException(
          "a [%d, %d] %s matrix needs %d bytes, the segment has %d"
              .formatted(rows, columns, type, bytes, segment.byteSize()));
    }
    return new Matrix(type, rows, columns, segment.asSlice(0, bytes));
  }

  /** A new matrix of zeros, freed when it is no longer reachable. */
  public static Matrix zeros(Type type, int rows, int columns) {
    return zeros(Arena.ofAuto(), type, rows, columns);
  }

  /** A new matrix of zeros that lives as long as the arena. */
  public static Matrix zeros(Arena arena, Type type, int rows, int columns) {
    long bytes = Math.max(1, (long) rows * columns * type.bytes());
    return of(arena.allocate(bytes, ALIGNMENT), type, rows, columns);
  }

  /** A new matrix with the given cells; every row must have the same length. */
  public static Matrix of(Type type, double[][] cells) {
    Matrix matrix = zeros(type, cells.length, cells.length == 0 ? 0 : cells[0].length);
    for (int r = 0; r < cells.length; r++) {
      matrix.setRow(r, cells[r]);
    }
    return matrix;
  }

  /** The number type of the cells. */
  public Type type() {
    return type;
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Number of columns. */
  public int columns() {
    return columns;
  }

  /** The cells, row by row. */
  public MemorySegment segment() {
    return segment;
  }

  /** One cell. */
  public double get(int row, int column) {
    long cell = cell(row, column);
    return type == Type.FLOAT32
        ? segment.getAtIndex(ValueLayout.JAVA_FLOAT, cell)
        : segment.getAtIndex(ValueLayout.JAVA_DOUBLE, cell);
  }

  /** Writes one cell. */
  public void set(int row, int column, double value) {
    long cell = cell(row, column);
    if (type == Type.FLOAT32) {
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, cell, (float) value);
    } else {
      segment.setAtIndex(ValueLayout.JAVA_DOUBLE, cell, value);
    }
  }

  /** A copy of one row. */
  public double[] row(int row) {
    double[] values = new double[columns];
    if (type == Type.FLOAT64) {
      MemorySegment.copy(
          segment, ValueLayout.JAVA_DOUBLE, cell(row, 0) * Double.BYTES, values, 0, columns);
      return values;
    }
    float[] floats = new float[columns];
    MemorySegment.copy(
        segment, ValueLayout.JAVA_FLOAT, cell(row, 0) * Float.BYTES, floats, 0, columns);
    for (int c = 0; c < columns; c++) {
      values[c] = floats[c];
    }
    return values;
  }

  /** A copy of one column. */
  public double[] column(int column) {
    double[] values = new double[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = get(row, column);
    }
    return values;
  }

  /**
   * Writes one row.
   *
   * @throws IllegalArgumentException if the length is not {@link #columns()}
   */
  public void setRow(int row, double[] values) {
    if (values.length != columns) {
      throw new IllegalArgumentException(
          "a row of %d values for %d columns".formatted(values.length, columns));
    }
    if (type == Type.FLOAT64) {
      MemorySegment.copy(
          values, 0, segment, ValueLayout.JAVA_DOUBLE, cell(row, 0) * Double.BYTES, columns);
      return;
    }
    float[] floats = new float[columns];
    for (int c = 0; c < columns; c++) {
      floats[c] = (float) values[c];
    }
    MemorySegment.copy(
        floats, 0, segment, ValueLayout.JAVA_FLOAT, cell(row, 0) * Float.BYTES, columns);
  }

  /** A view of the rows {@code from} (inclusive) to {@code to} (exclusive). */
  public Matrix rows(int from, int to) {
    long stride = (long) columns * type.bytes();
    return of(segment.asSlice(from * stride, (to - from) * stride), type, to - from, columns);
  }

  /** A copy of some rows, in the given order. */
  public Matrix select(int[] chosen) {
    long stride = (long) columns * type.bytes();
    Matrix selected = zeros(type, chosen.length, columns);
    for (int i = 0; i < chosen.length; i++) {
      MemorySegment.copy(segment, chosen[i] * stride, selected.segment, i * stride, stride);
    }
    return selected;
  }

  /**
   * The same cells in a matrix of the given type: this one where it already has it, else a copy.
   */
  public Matrix as(Type wanted) {
    if (wanted == type) {
      return this;
    }
    Matrix copy = zeros(wanted, rows, columns);
    for (int r = 0; r < rows; r++) {
      copy.setRow(r, row(r));
    }
    return copy;
  }

  private long cell(int row, int column) {
    if (column < 0 || column >= columns) {
      throw new IndexOutOfBoundsException("column " + column + " of " + columns);
    }
    return (long) row * columns + column;
  }

  @Override
  public String toString() {
    return "Matrix[%d, %d] %s".formatted(rows, columns, type);
  }
}
