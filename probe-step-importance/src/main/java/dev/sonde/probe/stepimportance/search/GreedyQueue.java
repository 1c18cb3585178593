package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Takes away one step after the other, the least important first, as long as the rest passes both
 * tests; a step that cannot go waits behind all others for another turn.
 */
final class GreedyQueue {
  private final Deque<Integer> queue = new ArrayDeque<>();
  private final double tau;
  private Mask kept;
  private int failures;

  /**
   * A queue.
   *
   * @param kept what there is to begin with
   * @param order the steps that may go, the least important first
   */
  GreedyQueue(Mask kept, List<Integer> order, double tau) {
    this.kept = kept;
    this.tau = tau;
    order.stream().filter(kept::has).forEach(queue::add);
  }

  /** Goes on as far as what is known; what must be tested next, nothing when it is done. */
  List<Mask> advance(Known known) {
    while (failures < queue.size()) {
      int step = queue.element();
      Mask trial = kept.without(step);
      Optional<Verdict> verdict = known.of(trial);
      if (verdict.isEmpty()) {
        return List.of(trial);
      }
      queue.remove();
      if (verdict.get().passes(tau)) {
        kept = trial;
        failures = 0;
      } else {
        queue.add(step);
        failures++;
      }
    }
    return List.of();
  }

  /** The steps that could not go, once nothing is wanted any more. */
  Mask kept() {
    return kept;
  }
}
