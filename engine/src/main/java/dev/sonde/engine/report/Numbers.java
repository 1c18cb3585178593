package dev.sonde.engine.report;

import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Estimate;

/** Numbers for readers. */
final class Numbers {
  private Numbers() {}

  /** An estimate with its interval, to three digits; {@code none} where it does not exist. */
  static String text(Estimate estimate) {
    return Metric.of("estimate", estimate.value()).interval(estimate.low(), estimate.high()).text();
  }

  /** Three decimals, or three significant digits where the number is small or large. */
  static String text(double value) {
    return Metric.text(value);
  }
}
