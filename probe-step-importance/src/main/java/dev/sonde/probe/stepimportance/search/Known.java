package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.Optional;

/** What is known of a chain's subsequences so far. */
@FunctionalInterface
public interface Known {
  /** The verdict on a subsequence, if it was tested. */
  Optional<Verdict> of(Mask mask);
}
