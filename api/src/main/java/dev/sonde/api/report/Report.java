package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;

/** The section of a probe in the report. Things appear in the order in which they are added. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public interface Report {
  /**
   * Adds a metric. A metric named {@code verdict.CLAIM}, 1 or 0, with {@code where("because", …)},
   * is a claim of the probe by a rule of its own and becomes part of the verdict that opens the
   * report.
   *
   * @throws IllegalArgumentException if its name is {@link #isReserved reserved}
   */
  void metric(Metric metric);

  /**
   * Whether a metric's name is reserved for what the engine evaluates itself: {@code auroc}, {@code
   * accuracy}, {@code selectivity} and {@code optimism}, alone or followed by a dot and more;
   * everything that begins with {@code p.}, {@code baseline.}, {@code mdl.}, {@code spearman.},
   * {@code pearson.} or {@code transfer.}; and {@code rows.truncated}.
   */
  static boolean isReserved(String name) {
    return name.matches(
        "(auroc|accuracy|selectivity|optimism)(\\..*)?"
            + "|(p|baseline|mdl|spearman|pearson|transfer)\\..*|rows\\.truncated");
  }

  /** Adds a table. */
  void table(Table table);

  /** Adds a figure. */
  void figure(Figure figure);

  /** Adds a text whose parts are shaded. */
  default void passage(Passage passage) {}

  /** Adds a note: one or two sentences of plain text. */
  void note(String text);
}
