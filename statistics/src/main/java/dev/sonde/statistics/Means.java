package dev.sonde.statistics;

import java.util.Arrays;

/** Means. */
public final class Means {
  private Means() {}

  /** The mean of those values that are numbers; NaN where none is. */
  public static double of(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).average().orElse(Double.NaN);
  }
}
