package dev.sonde.probe.stepimportance.answer;

/**
 * What the two tests say of a subsequence.
 *
 * @param right how many sampled answers were accepted
 * @param samples how many were sampled
 * @param attainability see {@link Attainability}; NaN of no steps at all
 */
public record TestResult(int right, int samples, double attainability) {
  /** The share of sampled answers that were accepted. */
  public double sufficiency() {
    return (double) right / samples;
  }

  /** Whether both tests reach tau. */
  public boolean passes(double tau) {
    return sufficiency() >= tau && attainability >= tau;
  }
}
