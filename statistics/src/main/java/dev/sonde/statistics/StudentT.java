package dev.sonde.statistics;

/** Quantiles of Student's t. */
final class StudentT {
  /** From so many degrees of freedom on the expansion around the normal is exact to 1e-9. */
  private static final int LARGE = 1000;

  private static final double NORMAL = 1.959963984540054;
  private static final double TWO_SIDED = 0.95;
  private static final int HALVINGS = 80;

  private StudentT() {}

  /**
   * The value that t exceeds with probability 0.025.
   *
   * @param freedom degrees of freedom, at least one
   */
  static double upper(int freedom) {
    if (freedom >= LARGE) {
      double cubed = NORMAL * NORMAL * NORMAL;
      return NORMAL
          + (cubed + NORMAL) / (4.0 * freedom)
          + (5 * cubed * NORMAL * NORMAL + 16 * cubed + 3 * NORMAL)
              / (96.0 * freedom * (double) freedom);
    }
    double low = 0;
    double high = 16;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (within(middle, freedom) < TWO_SIDED) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** The probability of −t to t (Abramowitz and Stegun 26.7.3 and 26.7.4). */
  private static double within(double t, int freedom) {
    double angle = Math.atan(t / Math.sqrt(freedom));
    double cosine = Math.cos(angle);
    boolean odd = freedom % 2 == 1;
    double term = odd ? cosine : 1;
    double sum = freedom == 1 ? 0 : term;
    for (int k = odd ? 3 : 2; k <= freedom - 2; k += 2) {
      term *= cosine * cosine * (k - 1) / k;
      sum += term;
    }
    return odd ? 2 / Math.PI * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  }
}
