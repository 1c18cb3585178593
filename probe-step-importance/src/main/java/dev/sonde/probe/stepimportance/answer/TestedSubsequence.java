package dev.sonde.probe.stepimportance.answer;

import dev.sonde.probe.stepimportance.chain.Mask;

/**
 * What was measured of one subsequence.
 *
 * @param right how many sampled answers were accepted; {@link #NOT_SAMPLED} where none was sampled
 * @param perplexity of its steps; NaN where it was not measured, and of no steps
 */
public record TestedSubsequence(Mask mask, int right, double perplexity) {
  /** Says that no answer was sampled. */
  public static final int NOT_SAMPLED = -1;
}
