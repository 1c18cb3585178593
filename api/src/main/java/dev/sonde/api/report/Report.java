package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;

/** The section of a probe in the report. Things appear in the order in which they are added. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public interface Report {
  /**
   * Adds a figure of merit. One named {@code verdict.CLAIM}, 1 or 0, with {@code where("because",
   * …)}, is a claim of the probe by a rule of its own, and stands in the verdict that the report
   * opens with.
   *
   * @throws IllegalArgumentException if the name is one the engine reserves for what it evaluates
   *     itself ({@code auroc*}, {@code accuracy*}, {@code p.*}, {@code baseline.*}, {@code
   *     selectivity*}, {@code optimism}, {@code mdl.*})
   */
  void metric(Metric metric);

  /** Adds a table. */
  void table(Table table);

  /** Adds a figure. */
  void figure(Figure figure);

  /** Adds a text shaded part by part. */
  default void passage(Passage passage) {}

  /** Adds a remark: one or two sentences of plain text. */
  void note(String text);
}
