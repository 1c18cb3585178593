package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The shortest run of first steps that suffices. */
final class SufficientPrefix {
  private final int[] steps;
  private final double tau;
  private int length = 1;

  /**
   * A search.
   *
   * @param remaining the steps left after shortcut removal, of which all together suffice
   */
  SufficientPrefix(Mask remaining, double tau) {
    this.steps = remaining.steps();
    this.tau = tau;
  }

  /** Goes on as far as what is known; what must be tested next, nothing when it is done. */
  List<Mask> advance(Known known) {
    while (length < steps.length) {
      Mask prefix = prefix();
      Optional<Verdict> verdict = known.of(prefix);
      if (verdict.isEmpty()) {
        return List.of(prefix);
      }
      if (verdict.get().suffices(tau)) {
        return List.of();
      }
      length++;
    }
    return List.of();
  }

  /** The prefix; the last one to be tried is all of the steps. */
  Mask prefix() {
    return Mask.of(Arrays.copyOf(steps, length));
  }
}
