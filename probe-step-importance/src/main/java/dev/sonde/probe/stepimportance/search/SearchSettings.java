package dev.sonde.probe.stepimportance.search;

import java.util.List;

/**
 * How the core is searched for.
 *
 * @param variants what the search goes by, by name
 * @param thetas thresholds, ascending
 * @param lastingPrefix whether all prefixes longer than the sufficient one must suffice too
 * @param root what influence is followed back from
 * @param queueByRoot whether the greedy queue goes by influence on the root, not by the mean over
 *     later steps
 * @param guardBeforeRoot whether the step before the last is never removed, as in that code
 * @param spareAnswerStep whether shortcut removal leaves the chain's last statement of the answer,
 *     as in that code
 */
public record SearchSettings(
    List<Variant> variants,
    double[] thetas,
    boolean lastingPrefix,
    Root root,
    boolean queueByRoot,
    boolean guardBeforeRoot,
    boolean spareAnswerStep) {
  /** Settings with their list copied. */
  public SearchSettings {
    variants = List.copyOf(variants);
    thetas = thetas.clone();
  }
}
