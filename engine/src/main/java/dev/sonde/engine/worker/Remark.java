package dev.sonde.engine.worker;

import java.util.Map;

/** What a worker says beside its answers. */
public final class Remark {
  static final String PROGRESS = "progress";
  static final String WARNING = "warning";
  static final String LOG = "log";
  static final String STOPPED = "stopped";

  private static final String TEXT = "text";

  private Remark() {}

  /** That the work goes on. */
  public static Frame progress(String what) {
    return Frame.of(PROGRESS, Map.of(TEXT, what));
  }

  /** What the user should see. */
  public static Frame warning(String text) {
    return Frame.of(WARNING, Map.of(TEXT, text));
  }

  /** What the run's log is to hold. */
  public static Frame log(System.Logger.Level level, String text) {
    return Frame.of(LOG, Map.of("level", level.name(), TEXT, text));
  }

  /** Why the worker is about to end. */
  public static Frame stopped(String text) {
    return Frame.of(STOPPED, Map.of(TEXT, text));
  }

  static System.Logger.Level level(Frame remark) {
    return switch (remark.text("level")) {
      case "ERROR" -> System.Logger.Level.ERROR;
      case "WARNING" -> System.Logger.Level.WARNING;
      default -> System.Logger.Level.INFO;
    };
  }
}
