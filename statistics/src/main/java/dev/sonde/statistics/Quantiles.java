package dev.sonde.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.descriptive.Quantile;
import org.apache.commons.statistics.descriptive.Quantile.EstimationMethod;

/**
 * Quantiles by linear interpolation between order statistics: type 7 of Hyndman and Fan (1996), the
 * rule of NumPy and R. Values that are no numbers are left out; of none the quantile is NaN.
 */
public final class Quantiles {
  private static final Quantile RULE = Quantile.withDefaults().with(EstimationMethod.HF7);

  private Quantiles() {}

  /** The quantile at a share from 0 to 1. */
  public static double of(double[] values, double share) {
    return of(values, new double[] {share})[0];
  }

  /** The quantiles at several shares. */
  public static double[] of(double[] values, double... shares) {
    double[] numbers = Arrays.stream(values).filter(Double::isFinite).toArray();
    return RULE.evaluate(numbers, shares);
  }

  /** The median: the mean of the two middle values where their number is even. */
  public static double median(double[] values) {
    return of(values, 0.5);
  }

  /**
   * The quantile of values that each count as often as their weight says: the same as of a longer
   * row in which each is repeated.
   *
   * @param ascending sorted values
   * @param weights whole numbers, one per value
   */
  public static double weighted(double[] ascending, double[] weights, double share) {
    double all = Arrays.stream(weights).sum();
    if (all < 1) {
      return Double.NaN;
    }
    double position = share * (all - 1);
    double place = Math.floor(position);
    int below = 0;
    double passed = weights[0];
    while (passed <= place && below < weights.length - 1) {
      passed += weights[++below];
    }
    int above = below;
    while (passed <= Math.min(place + 1, all - 1) && above < weights.length - 1) {
      passed += weights[++above];
    }
    return ascending[below] + (position - place) * (ascending[above] - ascending[below]);
  }
}
