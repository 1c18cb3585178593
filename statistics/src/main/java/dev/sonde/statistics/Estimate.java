package dev.sonde.statistics;

/** A figure of all rows, each counted once, with its interval. */
public record Estimate(double value, Interval interval) {
  /** The interval's lower end. */
  public double low() {
    return interval.low();
  }

  /** The interval's upper end. */
  public double high() {
    return interval.high();
  }
}
