package dev.sonde.engine.plan;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.api.linalg.Matrix;

/** How fast a model may run here, told from a short trial of matrix products. */
public final class Pace {
  /**
   * Share of the speed of large products that whole passes are taken to reach: an assumption, which
   * the output names. The rest goes into smaller products, norms, attention and copying rows out.
   */
  static final double SHARE = 0.5;

  private static final int TOKENS = 512;

  /** Widths beyond this one are no faster. */
  private static final int WIDEST = 1024;

  private static final long TRIAL_NANOS = 200_000_000;
  private static final double SECOND = 1e9;

  private Pace() {}

  /**
   * Multiplications and additions a second, over some products {@code [512, d] [d, 4 d]} as they
   * stand in a model's MLP; whatever else the machine does meanwhile slows them as it would a pass.
   *
   * @param width d
   */
  public static double measured(LinearAlgebra algebra, int width) {
    int inner = Math.min(width, WIDEST);
    Matrix tokens = Matrix.zeros(Matrix.Type.FLOAT32, TOKENS, inner);
    Matrix weights = Matrix.zeros(Matrix.Type.FLOAT32, inner, 4 * inner);
    algebra.multiply(tokens, weights); // loads libraries and warms up
    long products = 0;
    long began = System.nanoTime();
    long passed;
    do {
      algebra.multiply(tokens, weights);
      products++;
      passed = System.nanoTime() - began;
    } while (passed < TRIAL_NANOS);
    return products * 2.0 * TOKENS * inner * 4 * inner / passed * SECOND;
  }
}
