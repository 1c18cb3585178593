package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;

/** The section of a probe in the report. Things appear in the order in which they are added. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public interface Report {
  /**
   * Adds a figure of merit.
   *
   * @throws IllegalArgumentException if the name is one the engine reserves for what it evaluates
   *     itself ({@code auroc*}, {@code accuracy*}, {@code p.*}, {@code baseline.*}, {@code
   *     selectivity*}, {@code optimism}, {@code mdl.*})
   */
  void metric(Metric metric);

  /**
   * Says in one sentence what the probe asks; the report opens with it, above the claims. Where a
   * probe says nothing, an evaluation asks its own question.
   */
  default void question(String sentence) {}

  /**
   * Puts a question with all that is known of it. The report opens with the answer that the {@link
   * Judge} gives.
   *
   * @throws IllegalArgumentException if a claim of that name is there already
   */
  default void claim(ClaimEvidence evidence) {}

  /** Adds a table. */
  void table(Table table);

  /** Adds a figure. */
  void figure(Figure figure);

  /** Adds a text shaded part by part. */
  default void passage(Passage passage) {}

  /** Adds a remark: one or two sentences of plain text. */
  void note(String text);
}
