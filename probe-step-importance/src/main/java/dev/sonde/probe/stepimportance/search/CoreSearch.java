package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;
import java.util.Optional;

/** The search of one variant within a sufficient prefix: threshold stage, then greedy queue. */
final class CoreSearch {
  private final Mask prefix;
  private final Guidance guidance;
  private final Mask guarded;
  private final double tau;
  private final Optional<ThresholdStage> threshold;
  private Optional<GreedyQueue> queue = Optional.empty();
  private Mask start;

  /**
   * A search.
   *
   * @param prefix the steps there are
   * @param guarded steps that are never taken away by the queue
   */
  CoreSearch(Mask prefix, Guidance guidance, Mask guarded, double[] thetas, double tau) {
    this.prefix = prefix;
    this.guidance = guidance;
    this.guarded = guarded;
    this.tau = tau;
    this.start = prefix;
    this.threshold = guidance.influence().map(matrix -> new ThresholdStage(matrix, thetas, tau));
  }

  /** Goes on as far as what is known; what must be tested next, nothing when it is done. */
  List<Mask> advance(Known known) {
    if (queue.isEmpty()) {
      List<Mask> wanted = begin(known);
      if (!wanted.isEmpty()) {
        return wanted;
      }
      List<Integer> order = guidance.order().stream().filter(step -> !guarded.has(step)).toList();
      queue = Optional.of(new GreedyQueue(start, order, tau));
    }
    return queue.get().advance(known);
  }

  private List<Mask> begin(Known known) {
    if (threshold.isPresent()) {
      List<Mask> wanted = threshold.get().advance(known);
      start = threshold.get().kept();
      return wanted;
    }
    Mask rest = prefix.minus(guidance.removable().minus(guarded));
    if (rest.equals(prefix)) {
      return List.of();
    }
    Optional<Verdict> verdict = known.of(rest);
    if (verdict.isEmpty()) {
      return List.of(rest);
    }
    start = verdict.get().passes(tau) ? rest : prefix;
    return List.of();
  }

  /** The threshold that was reached; empty without a threshold stage, or if none sufficed. */
  Optional<Double> theta() {
    return threshold.flatMap(ThresholdStage::theta);
  }

  /** What the threshold stage goes by. */
  Optional<InfluenceMatrix> influence() {
    return guidance.influence();
  }

  /** What the queue began with. */
  Mask start() {
    return start;
  }

  /** The core, once nothing is wanted any more. */
  Mask core() {
    return queue.map(GreedyQueue::kept).orElse(start);
  }
}
