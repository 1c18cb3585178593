package dev.sonde.engine.plan;

import java.util.Locale;

/** Amounts as people read them. */
public final class Quantity {
  private static final String[] BYTES = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  private static final double STEP = 1024;
  private static final double MINUTE = 60;
  private static final double HOUR = 3600;

  private Quantity() {}

  /** Bytes, with one decimal: {@code 1.5 MiB}. */
  public static String bytes(long count) {
    if (count < STEP) {
      return count + " B";
    }
    double amount = count / STEP;
    int unit = 0;
    while (amount >= STEP && unit < BYTES.length - 1) {
      amount /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, BYTES[unit]);
  }

  /** Seconds, minutes or hours, to two digits. */
  public static String time(double seconds) {
    if (seconds < 1) {
      return "less than a second";
    }
    return seconds < 2 * MINUTE
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : seconds < 2 * HOUR
            ? String.format(Locale.ROOT, "%.0f min", seconds / MINUTE)
            : String.format(Locale.ROOT, "%.1f h", seconds / HOUR);
  }

  /** A count with groups of digits: {@code 1 234 567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
  }
}
