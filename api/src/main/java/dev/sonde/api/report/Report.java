package dev.sonde.api.report;

import dev.sonde.api.ApiStatus;

/** The section of a probe in the report. Things appear in the order in which they are added. */
@ApiStatus(value = ApiStatus.Level.STABLE, since = "0.1")
public interface Report {
  /**
   * Adds a metric.
   *
   * @throws IllegalArgumentException if its name is {@link #isReserved reserved}
   */
  void metric(Metric metric);

  /**
   * Whether a metric's name is reserved for what the engine evaluates itself: {@code auroc}, {@code
   * accuracy}, {@code selectivity}, {@code optimism}, {@code pr_auc} and {@code recall}, alone or
   * followed by a dot and more; everything that begins with {@code p.}, {@code baseline.}, {@code
   * mdl.}, {@code spearman.}, {@code pearson.}, {@code transfer.}, {@code classes.} or {@code
   * verdict.}, {@code threshold.}, {@code calibration.}, {@code pairs.} or {@code erase.}; and
   * {@code rows.truncated}.
   */
  static boolean isReserved(String name) {
    return name.matches(
        "(auroc|accuracy|selectivity|optimism|pr_auc|recall)(\\..*)?"
            + "|(p|baseline|mdl|spearman|pearson|transfer|classes|verdict|threshold|calibration|pairs|erase)\\..*|rows\\.truncated");
  }

  /**
   * Says in one sentence what the probe asks; the report opens with it, above the claims. Where a
   * probe says nothing, an evaluation asks its own question.
   */
  default void question(String sentence) {}

  /**
   * Puts a question with all that is known of it. The report opens with the answer that the {@link
   * ClaimEvidence#judged judging} gives.
   *
   * @throws IllegalArgumentException if a claim of that name is there already
   */
  default void claim(ClaimEvidence evidence) {}

  /** Adds a table. */
  void table(Table table);

  /** Adds a figure. */
  void figure(Figure figure);

  /** Adds a text whose parts are shaded. */
  default void passage(Passage passage) {}

  /** Adds a note: one or two sentences of plain text. */
  void note(String text);
}
