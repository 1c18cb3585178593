package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;

/** What a search in one chain asks: it waits until what it asks for has been tested. */
@FunctionalInterface
interface Answers {
  /** What the tests say of some subsequences, which are tested together. */
  List<TestResult> of(List<Mask> masks);

  /** What the tests say of a subsequence. */
  default TestResult of(Mask mask) {
    return of(List.of(mask)).getFirst();
  }
}
