package dev.sonde.engine.report;

import dev.sonde.api.report.Metric;
import dev.sonde.statistics.Estimate;
import java.util.Locale;

/** Numbers for readers. */
final class Numbers {
  private Numbers() {}

  /** A metric's value, interval and unit, to three digits. */
  static String text(Metric metric) {
    String text =
        text(
            metric.value().orElse(Double.NaN),
            metric.low().orElse(Double.NaN),
            metric.high().orElse(Double.NaN));
    return metric.unit().isEmpty() || metric.value().isEmpty() ? text : text + " " + metric.unit();
  }

  /** An estimate with its interval, to three digits. */
  static String text(Estimate estimate) {
    return text(estimate.value(), estimate.low(), estimate.high());
  }

  private static String text(double value, double low, double high) {
    if (!Double.isFinite(value)) {
      return "none";
    }
    return Double.isFinite(low) && Double.isFinite(high)
        ? "%s [%s, %s]".formatted(text(value), text(low), text(high))
        : text(value);
  }

  /** Three decimals, or three significant digits where the number is small or large. */
  static String text(double value) {
    double size = Math.abs(value);
    return size == 0 || (size >= 1e-3 && size < 1e5)
        ? String.format(Locale.ROOT, "%.3f", value)
        : String.format(Locale.ROOT, "%.2e", value);
  }
}
