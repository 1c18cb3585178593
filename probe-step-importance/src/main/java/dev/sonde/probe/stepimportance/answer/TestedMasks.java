package dev.sonde.probe.stepimportance.answer;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What was measured of one chain's subsequences; each is measured once. */
public final class TestedMasks {
  private final Map<Mask, Measured> measured = new LinkedHashMap<>();
  private double directPerplexity = Double.NaN;

  TestedMasks() {}

  /**
   * What was measured of a subsequence.
   *
   * @param right accepted answers
   * @param samples sampled answers
   * @param perplexity NaN of no steps
   */
  record Measured(int right, int samples, double perplexity) {}

  /** How many subsequences were tested. */
  public int size() {
    return measured.size();
  }

  /** Whether a subsequence was tested. */
  public boolean has(Mask mask) {
    return measured.containsKey(mask);
  }

  void put(Mask mask, Measured of) {
    measured.put(mask, of);
  }

  /** Notes how unlikely the answer is behind no step at all. */
  void directPerplexity(double value) {
    directPerplexity = value;
  }

  /**
   * What the tests say of a subsequence.
   *
   * @param reference the subsequence that attainability is measured against
   */
  public TestResult of(Mask mask, Mask reference) {
    Measured found = measured(mask);
    double attainability =
        Attainability.of(found.perplexity(), measured(reference).perplexity(), directPerplexity);
    return new TestResult(found.right(), found.samples(), attainability);
  }

  private Measured measured(Mask mask) {
    return Objects.requireNonNull(measured.get(mask), () -> "never tested: " + mask);
  }
}
