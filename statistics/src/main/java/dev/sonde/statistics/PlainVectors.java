package dev.sonde.statistics;

/** Sums over arrays of one length, term by term from the first: the same bits everywhere. */
public final class PlainVectors {
  private PlainVectors() {}

  /** {@code a · b}. */
  public static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** {@code ‖a‖}. */
  public static double norm(double[] a) {
    return Math.sqrt(dot(a, a));
  }

  /** {@code factor · a}, a new array. */
  public static double[] scaled(double factor, double[] a) {
    double[] scaled = new double[a.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = factor * a[i];
    }
    return scaled;
  }

  /** Adds {@code factor · a} to a sum. */
  public static void add(double[] sum, double factor, double[] a) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += factor * a[i];
    }
  }
}
