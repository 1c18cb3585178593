package dev.sonde.probe.position.estimate;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.position.read.CausalPairs;
import dev.sonde.probe.position.read.PlaneRows;

/**
 * What the residual of E4 cannot exceed, whatever the model: {@code scale · (Σ_fast |q_m||δk_m| +
 * Σ_slow |q_m||δk_m| min(2, d θ_m))}, δk the key less the mean key. In slow planes {@code d θ_m} is
 * less than the angle that makes them slow, at most 2, so the minimum is {@code d θ_m}.
 */
public final class Bound {
  private Bound() {}

  /** The bound at every cell. */
  static double[] all(
      LinearAlgebra algebra,
      CausalPairs cells,
      double scale,
      PlaneRows q,
      PlaneRows k,
      boolean[] slow) {
    PlaneRows away = k.less(k.mean());
    Matrix lengths = lengths(away, new double[0]);
    double[] fast = new double[slow.length];
    double[] perDistance = new double[slow.length];
    for (int plane = 0; plane < slow.length; plane++) {
      fast[plane] = slow[plane] ? 0 : scale;
      perDistance[plane] = slow[plane] ? scale * q.planes().frequency(plane) : 0;
    }
    double[] bound = cells.pack(product(algebra, lengths(q, fast), lengths));
    double[] slope = cells.pack(product(algebra, lengths(q, perDistance), lengths));
    for (int query = 0; query < cells.size(); query++) {
      int start = cells.start(query);
      int from = cells.from(query);
      for (int key = from; key <= query; key++) {
        bound[start + key - from] += (query - key) * slope[start + key - from];
      }
    }
    return bound;
  }

  private static Matrix product(LinearAlgebra algebra, Matrix a, Matrix b) {
    return algebra.timesTranspose(a, b);
  }

  /** LongContexts per token and plane, times a factor per plane where there are any. */
  private static Matrix lengths(PlaneRows x, double[] factors) {
    int count = x.planes().count();
    float[] lengths = new float[x.tokens() * count];
    for (int token = 0; token < x.tokens(); token++) {
      for (int plane = 0; plane < count; plane++) {
        double factor = factors.length == 0 ? 1 : factors[plane];
        lengths[token * count + plane] = (float) (factor * x.length(token, plane));
      }
    }
    return Logits.matrix(lengths, x.tokens());
  }
}
