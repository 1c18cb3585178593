package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.answer.TestedMasks.Sampled;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;

/** What a search in one chain asks: it waits until what it asks for has been measured. */
interface Answers {
  /** The answers sampled behind some subsequences, together. */
  List<Sampled> sampled(List<Mask> masks);

  /** How attainable a subsequence is; NaN of no steps at all. */
  double attainability(Mask mask);

  /** Measures how attainable some subsequences are, together. */
  default void measureAttainability(List<Mask> masks) {
    masks.forEach(this::attainability);
  }

  /** Tests some subsequences together, as {@link #verdict} would one by one. */
  default void askAhead(List<Mask> masks, double tau) {
    measureAttainability(masks);
    sampled(masks.stream().filter(mask -> attainability(mask) >= tau).toList());
  }

  /** The answers sampled behind a subsequence. */
  default Sampled sampled(Mask mask) {
    return sampled(List.of(mask)).getFirst();
  }

  /** What both tests say of a subsequence. */
  default TestResult of(Mask mask) {
    double attainability = attainability(mask);
    Sampled sampled = sampled(mask);
    return new TestResult(sampled.right(), sampled.samples(), attainability);
  }

  /**
   * Which test a subsequence fails. Attainability is measured first: where it decides no answer is
   * sampled, which is what costs.
   */
  default Verdict verdict(Mask mask, double tau) {
    if (!(attainability(mask) >= tau)) {
      return Verdict.UNATTAINABLE;
    }
    return sampled(mask).sufficiency() >= tau ? Verdict.PASSES : Verdict.INSUFFICIENT;
  }

  /** What became of a subsequence. */
  enum Verdict {
    /** It passes both tests. */
    PASSES,
    /** It fails the test of attainability, whatever the other says. */
    UNATTAINABLE,
    /** It passes the test of attainability and fails the other. */
    INSUFFICIENT
  }
}
