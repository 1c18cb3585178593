package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.RotationTable;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Attention logits of one head before any soft cap, from queries and keys before rotation. */
public final class Logits {
  private Logits() {}

  /**
   * {@code w(d, q, k) / scale = Re Σ_m q_m k̄_m e^{i d θ_m}}: the logit of a query and a key that
   * stand d tokens apart.
   */
  public static double at(
      RotationTable rotations, int distance, PlaneRows q, int query, PlaneRows k, int key) {
    double sum = 0;
    for (int plane = 0; plane < q.planes().count(); plane++) {
      double a = q.real(query, plane);
      double b = q.imaginary(query, plane);
      double c = k.real(key, plane);
      double d = k.imaginary(key, plane);
      sum += (a * c + b * d) * rotations.cos(distance, plane);
      sum -= (b * c - a * d) * rotations.sin(distance, plane);
    }
    return sum;
  }

  /**
   * All logits at the distances that the rows have, {@code [queries, keys]} float32: rows are
   * turned by their index and multiplied.
   */
  public static Matrix all(
      LinearAlgebra algebra, RotationTable rotations, double scale, PlaneRows q, PlaneRows k) {
    return algebra.timesTranspose(
        matrix(rotations.turned(q, scale), q.tokens()), matrix(rotations.turned(k, 1), k.tokens()));
  }

  /** A float32 matrix over an array, {@code [rows, length / rows]}. */
  static Matrix matrix(float[] values, int rows) {
    Matrix matrix = Matrix.zeros(Matrix.Type.FLOAT32, rows, values.length / rows);
    MemorySegment.copy(
        MemorySegment.ofArray(values), 0, matrix.segment(), 0, (long) values.length * Float.BYTES);
    return matrix;
  }

  /** A square float32 matrix over an array. */
  public static Matrix square(float[] values) {
    return matrix(values, (int) Math.sqrt(values.length));
  }

  /** The cells of a float32 matrix. */
  public static float[] floats(Matrix matrix) {
    float[] values = new float[matrix.rows() * matrix.columns()];
    MemorySegment.copy(matrix.segment(), ValueLayout.JAVA_FLOAT, 0, values, 0, values.length);
    return values;
  }

  /** {@code c · tanh(w / c)}, or w where there is no cap. */
  public static double capped(double logit, double cap) {
    return cap > 0 ? cap * Math.tanh(logit / cap) : logit;
  }
}
