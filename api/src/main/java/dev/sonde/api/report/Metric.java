package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.model.HookPoint;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A number with its place, interval, count and unit. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public final class Metric {
  private final String name;
  private final Map<String, Object> where;
  private final OptionalDouble value;
  private final OptionalDouble low;
  private final OptionalDouble high;
  private final OptionalInt n;
  private final String unit;

  private Metric(
      String name,
      Map<String, Object> where,
      OptionalDouble value,
      OptionalDouble low,
      OptionalDouble high,
      OptionalInt n,
      String unit) {
    this.name = name;
    this.where = where;
    this.value = value;
    this.low = low;
    this.high = high;
    this.n = n;
    this.unit = unit;
  }

  /** A metric; a value that is not finite counts as not existing. */
  public static Metric of(String name, double value) {
    return new Metric(
        Objects.requireNonNull(name, "a metric's name"),
        Map.of(),
        finite(value),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        "");
  }

  private static OptionalDouble finite(double value) {
    return Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /**
   * Adds a coordinate: a number, text or boolean.
   *
   * @throws IllegalArgumentException if it is anything else
   */
  public Metric where(String key, Object coordinate) {
    if (!(coordinate instanceof Number
        || coordinate instanceof String
        || coordinate instanceof Boolean)) {
      throw new IllegalArgumentException(
          "metric %s: the coordinate %s is no number, text or boolean".formatted(name, key));
    }
    Map<String, Object> more = new LinkedHashMap<>(where);
    more.put(key, coordinate);
    return new Metric(name, Collections.unmodifiableMap(more), value, low, high, n, unit);
  }

  /** Adds the coordinates {@code layer} and {@code site} of a hook point. */
  public Metric at(HookPoint point) {
    if (point.equals(HookPoint.EMBED)) {
      return where("site", "embed");
    }
    Metric placed = point.layer().isPresent() ? where("layer", point.layer().getAsInt()) : this;
    return placed.where("site", point.shortSite());
  }

  /** Adds a 95 % interval. */
  public Metric interval(double lower, double upper) {
    return new Metric(name, where, value, finite(lower), finite(upper), n, unit);
  }

  /** Adds the number of rows behind it. */
  public Metric n(int rows) {
    return new Metric(name, where, value, low, high, OptionalInt.of(rows), unit);
  }

  /** Adds a unit, for example {@code nats}. */
  public Metric unit(String text) {
    return new Metric(name, where, value, low, high, n, Objects.requireNonNull(text, "a unit"));
  }

  /**
   * For readers: the value with interval and unit, such as {@code 0.870 [0.801, 0.922] nats}; three
   * decimals, or three significant digits where the number is small or large; {@code none} where
   * the value does not exist.
   */
  public String text() {
    if (value.isEmpty()) {
      return "none";
    }
    String text = text(value.getAsDouble());
    if (low.isPresent() && high.isPresent()) {
      text += " [%s, %s]".formatted(text(low.getAsDouble()), text(high.getAsDouble()));
    }
    return unit.isEmpty() ? text : text + " " + unit;
  }

  /** A number for readers, as in {@link #text()}. */
  public static String text(double number) {
    double size = Math.abs(number);
    return size == 0 || (size >= 1e-3 && size < 1e5)
        ? String.format(Locale.ROOT, "%.3f", number)
        : String.format(Locale.ROOT, "%.2e", number);
  }

  /** Its name, dotted lower-case words. */
  public String name() {
    return name;
  }

  /** Its coordinates, in the order added. */
  public Map<String, Object> where() {
    return where;
  }

  /** The value; empty where it does not exist. */
  public OptionalDouble value() {
    return value;
  }

  /** Lower end of the interval. */
  public OptionalDouble low() {
    return low;
  }

  /** Upper end of the interval. */
  public OptionalDouble high() {
    return high;
  }

  /** Number of rows. */
  public OptionalInt n() {
    return n;
  }

  /** Its unit; empty for pure numbers. */
  public String unit() {
    return unit;
  }
}
