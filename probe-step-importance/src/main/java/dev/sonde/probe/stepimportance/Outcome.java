package dev.sonde.probe.stepimportance;

import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.search.Finding;
import java.util.Optional;

/**
 * What became of a row.
 *
 * @param row its index in the study
 * @param finding what was found; empty where it was left out
 * @param skipped why it was left out
 * @param answer the answer that counted; empty where there is none
 */
record Outcome(int row, Optional<Finding> finding, Optional<SkipReason> skipped, String answer) {
  static Outcome skipped(int row, SkipReason reason) {
    return new Outcome(row, Optional.empty(), Optional.of(reason), "");
  }
}
