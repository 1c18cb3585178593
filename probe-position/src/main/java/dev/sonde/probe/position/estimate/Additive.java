package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.position.read.PlaneRows;
import dev.sonde.probe.position.read.Planes;
import dev.sonde.probe.position.read.RotationTable;
import java.util.Arrays;

/**
 * The one form of E3 and E4: {@code f(q_i, d) + g(q_i, k_j)} with a part that knows the distance
 * from a mean key, {@code f = w(d, q_i, κ_i)}, and a part that knows the content with a factor per
 * plane in place of the turning, {@code g = scale · Re Σ_m γ_m q_m (k_m − κ_im)̄}.
 *
 * <p>E3, dummy distances: marginals of the table {@code T[j, d] = w(d, q_i, k_j)} over keys j ≤ i
 * and distances d of the window. Its mean over keys is f with κ_i the mean of those keys; its mean
 * over distances less the grand mean is g with {@code γ_m = mean_d e^{i d θ_m}}. So no table is
 * made.
 *
 * <p>E4, features: κ the mean key of the text, γ 1 in slow planes and 0 in fast ones.
 */
public final class Additive {
  private final Planes planes;
  private final double[] factors;
  private final boolean running;
  private final boolean position;

  /**
   * A form.
   *
   * @param factors γ, all real parts, then all imaginary ones
   * @param running whether κ_i is the mean of the keys up to i; else of all
   * @param position whether f is there
   */
  private Additive(Planes planes, double[] factors, boolean running, boolean position) {
    this.planes = planes;
    this.factors = factors;
    this.running = running;
    this.position = position;
  }

  /** f alone. */
  public Additive positionAlone() {
    return new Additive(planes, new double[factors.length], running, true);
  }

  /** g alone. */
  public Additive contentAlone() {
    return new Additive(planes, factors, running, false);
  }

  /** E3: every distance counts alike. */
  static Additive dummyDistance(Planes planes, RotationTable rotations, int distances) {
    double[] alike = new double[distances];
    Arrays.fill(alike, 1.0 / distances);
    return dummyDistance(planes, rotations, alike);
  }

  /** E3 whose mean over distances is weighted, by weights that sum to 1. */
  static Additive dummyDistance(Planes planes, RotationTable rotations, double[] weights) {
    double[] factors = new double[2 * planes.count()];
    for (int plane = 0; plane < planes.count(); plane++) {
      for (int distance = 0; distance < weights.length; distance++) {
        factors[plane] += rotations.cos(distance, plane) * weights[distance];
        factors[planes.count() + plane] += rotations.sin(distance, plane) * weights[distance];
      }
    }
    return new Additive(planes, factors, true, true);
  }

  /** E4. */
  static Additive features(Planes planes, boolean[] slow) {
    double[] factors = new double[2 * planes.count()];
    for (int plane = 0; plane < planes.count(); plane++) {
      factors[plane] = slow[plane] ? 1 : 0;
    }
    return new Additive(planes, factors, false, true);
  }

  /** Mean keys κ per query, {@code [tokens, 2 · planes]}. */
  double[] meanKeys(PlaneRows k, int distances) {
    int width = 2 * planes.count();
    double[] means = new double[k.tokens() * width];
    double[] mean = running ? new double[width] : k.mean();
    for (int token = 0; token < k.tokens(); token++) {
      if (running) {
        int gone = token - distances;
        for (int c = 0; c < width; c++) {
          mean[c] += k.values()[token * width + c];
          mean[c] -= gone < 0 ? 0 : k.values()[gone * width + c];
        }
      }
      int keys = running ? Math.min(token + 1, distances) : 1;
      for (int c = 0; c < width; c++) {
        means[token * width + c] = mean[c] / keys;
      }
    }
    return means;
  }

  /**
   * f + g at every cell, {@code [queries, keys]} float32.
   *
   * @param order the content of key j is that of key {@code order[j]}: a shuffled g; for g itself
   *     0, 1, 2, …
   */
  Matrix all(
      LinearAlgebra algebra,
      RotationTable rotations,
      double scale,
      int distances,
      PlaneRows q,
      PlaneRows k,
      int[] order) {
    double[] means = meanKeys(k, distances);
    return algebra.timesTranspose(
        ofQueries(rotations, scale, q, means), ofKeys(rotations, k, order));
  }

  /** Per query what multiplies {@link #ofKeys}: f's part, g's part, and what has no key. */
  private Matrix ofQueries(RotationTable rotations, double scale, PlaneRows q, double[] means) {
    int count = planes.count();
    int width = 4 * count + 1;
    float[] rows = new float[q.tokens() * width];
    for (int token = 0; token < q.tokens(); token++) {
      int at = token * width;
      double left = 0;
      for (int plane = 0; plane < count; plane++) {
        double real = scale * q.real(token, plane);
        double imaginary = scale * q.imaginary(token, plane);
        double meanReal = means[token * 2 * count + plane];
        double meanImaginary = means[token * 2 * count + count + plane];
        double c = rotations.cos(token, plane);
        double s = rotations.sin(token, plane);
        double fReal = real * meanReal + imaginary * meanImaginary;
        double fImaginary = imaginary * meanReal - real * meanImaginary;
        if (position) {
          rows[at + plane] = (float) (fReal * c - fImaginary * s);
          rows[at + count + plane] = (float) (fReal * s + fImaginary * c);
        }
        double gReal = factors[plane] * real - factors[count + plane] * imaginary;
        double gImaginary = factors[plane] * imaginary + factors[count + plane] * real;
        rows[at + 2 * count + plane] = (float) gReal;
        rows[at + 3 * count + plane] = (float) gImaginary;
        left -= gReal * meanReal + gImaginary * meanImaginary;
      }
      rows[at + 4 * count] = (float) left;
    }
    return Logits.matrix(rows, q.tokens());
  }

  private Matrix ofKeys(RotationTable rotations, PlaneRows k, int[] order) {
    int count = planes.count();
    int width = 4 * count + 1;
    float[] rows = new float[k.tokens() * width];
    for (int token = 0; token < k.tokens(); token++) {
      int at = token * width;
      for (int plane = 0; plane < count; plane++) {
        rows[at + plane] = (float) rotations.cos(token, plane);
        rows[at + count + plane] = (float) rotations.sin(token, plane);
        rows[at + 2 * count + plane] = k.real(order[token], plane);
        rows[at + 3 * count + plane] = k.imaginary(order[token], plane);
      }
      rows[at + 4 * count] = 1;
    }
    return Logits.matrix(rows, k.tokens());
  }
}
