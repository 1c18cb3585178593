package dev.sonde.engine.run;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** What goes into timing.json: seconds and counts, which no comparison of runs looks at. */
final class Timing {
  private static final double MILLIS = 1000.0;

  private final Map<String, Object> entries = new LinkedHashMap<>();

  void put(String name, long count) {
    entries.put(name, count);
  }

  /** Adds to a count. */
  void add(String name, long amount) {
    entries.merge(name, amount, (before, more) -> (Long) before + (Long) more);
  }

  /** Adds to seconds, which are rounded to thousandths. */
  void addSeconds(String name, double seconds) {
    entries.merge(
        name,
        Math.round(seconds * MILLIS) / MILLIS,
        (before, more) -> Math.round(((Double) before + (Double) more) * MILLIS) / MILLIS);
  }

  /** Does some work and notes its seconds. */
  <T> T timed(String what, Supplier<T> work) {
    Instant began = Instant.now();
    T result = work.get();
    entries.put(what + " seconds", Duration.between(began, Instant.now()).toMillis() / MILLIS);
    return result;
  }

  /** Does some work that gives nothing back, and notes its seconds. */
  void timed(String what, Runnable work) {
    timed(
        what,
        () -> {
          work.run();
          return true;
        });
  }

  /** Everything noted, in order. */
  Map<String, Object> entries() {
    return Collections.unmodifiableMap(entries);
  }
}
