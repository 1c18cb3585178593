package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The shortest run of first steps that suffices. */
final class SufficientPrefix {
  private final int[] steps;
  private final double tau;
  private final boolean lasting;
  private int length;

  /**
   * A search.
   *
   * @param remaining the steps left after shortcut removal, of which all together suffice
   * @param lasting whether all longer runs must suffice too: these are then tried from the longest
   *     on, else from the shortest
   */
  SufficientPrefix(Mask remaining, double tau, boolean lasting) {
    this.steps = remaining.steps();
    this.tau = tau;
    this.lasting = lasting;
    this.length = lasting ? steps.length : 1;
  }

  /** Goes on as far as what is known; what must be tested next, nothing when it is done. */
  List<Mask> advance(Known known) {
    while (lasting ? length > 1 : length < steps.length) {
      Mask next = first(lasting ? length - 1 : length);
      Optional<Verdict> verdict = known.of(next);
      if (verdict.isEmpty()) {
        return List.of(next);
      }
      if (verdict.get().suffices(tau) != lasting) {
        return List.of();
      }
      length += lasting ? -1 : 1;
    }
    return List.of();
  }

  /** The prefix, once nothing is wanted any more. */
  Mask prefix() {
    return first(length);
  }

  private Mask first(int count) {
    return Mask.of(Arrays.copyOf(steps, count));
  }
}
