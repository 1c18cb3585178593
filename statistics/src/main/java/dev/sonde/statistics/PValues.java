package dev.sonde.statistics;

import java.util.Arrays;

/** What chance alone gives as often as what was found. */
public final class PValues {
  private PValues() {}

  /**
   * The one-sided p of a permutation test: the share of labelings, the observed one among them,
   * that reach as much, {@code (1 + reached) / (1 + draws)}. It is never 0 (Phipson and Smyth
   * 2010).
   *
   * @param drawn what labelings drawn at random gave; those that are NaN did not reach it
   */
  public static double of(double observed, double[] drawn) {
    long reached = Arrays.stream(drawn).filter(value -> value >= observed).count();
    return (1.0 + reached) / (1 + drawn.length);
  }

  /** Corrects for having tested several (Holm 1979): one p per given one, in their order. */
  public static double[] holm(double... ps) {
    int[] ascending = Ranks.ascending(ps);
    double[] corrected = new double[ps.length];
    double largest = 0;
    for (int rank = 0; rank < ps.length; rank++) {
      int i = ascending[rank];
      largest = Math.max(largest, Math.min(1, ps[i] * (ps.length - rank)));
      corrected[i] = largest;
    }
    return corrected;
  }
}
