package dev.sonde.formats;

/** The standard normal distribution. */
public final class StandardNormal {
  /** Beyond it a double has no probability left. */
  private static final double FAR = 9;

  private static final int HALVINGS = 80;

  private StandardNormal() {}

  /**
   * The probability of a smaller number, {@code 1/2 + φ(x) Σ x^(2n+1) / (1 · 3 · … · (2n+1))}
   * (Abramowitz and Stegun 26.2.11).
   */
  public static double below(double x) {
    if (Math.abs(x) >= FAR) {
      return x > 0 ? 1 : 0;
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.ulp(sum); n++) {
      term *= x * x / (2 * n + 1);
      sum += term;
    }
    return 0.5 + Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI) * sum;
  }

  /** The number below which that probability lies, by halving an interval. */
  public static double quantile(double probability) {
    double low = -FAR;
    double high = FAR;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (below(middle) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
