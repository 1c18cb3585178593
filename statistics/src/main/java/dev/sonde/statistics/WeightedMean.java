package dev.sonde.statistics;

/** The mean of some rows, each as often as its weight says. */
public final class WeightedMean {
  private WeightedMean() {}

  /**
   * The mean; NaN where no row weighs anything.
   *
   * @param values of all rows
   * @param rows those that count
   * @param weights of all rows
   */
  public static double of(double[] values, int[] rows, double[] weights) {
    double sum = 0;
    double weight = 0;
    for (int row : rows) {
      sum += weights[row] * values[row];
      weight += weights[row];
    }
    return sum / weight;
  }
}
