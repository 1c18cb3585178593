package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.config.Config;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.Root;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The search for the core of a sufficient prefix: a threshold stage, then a greedy queue (section 4
 * of the paper).
 *
 * @param tau what both tests must reach
 * @param thetas thresholds, ascending
 * @param root what influence is followed back from
 * @param guardBeforeRoot whether the queue never removes the step before the root, as in the
 *     authors' code
 */
public record CoreSearch(double tau, double[] thetas, Root root, boolean guardBeforeRoot) {
  /** The search of an experiment. */
  public static CoreSearch of(Config config) {
    return new CoreSearch(
        config.real("tau"),
        config.reals("thetas").stream().mapToDouble(theta -> theta).toArray(),
        Root.named(config.string("root")),
        config.flag("guard_before_root"));
  }

  /** The core that a variant finds in a prefix. */
  SearchResult.Core run(Mask prefix, Guidance guidance, Answers answers) {
    Mask guarded = guarded(prefix);
    Start start =
        guidance
            .influence()
            .map(influence -> thresholdStage(influence, answers))
            .orElseGet(
                () -> withoutRemovable(prefix, guidance.removable().minus(guarded), answers));
    List<Integer> order = guidance.order().stream().filter(step -> !guarded.has(step)).toList();
    Mask core = greedyQueue(start.kept(), order, answers);
    return new SearchResult.Core(
        guidance.variant(),
        start.theta(),
        start.kept(),
        core,
        answers.of(core),
        guidance.influence());
  }

  /**
   * What the queue begins with.
   *
   * @param theta the threshold that sufficed; NaN where there was none
   */
  private record Start(Mask kept, double theta) {}

  /**
   * Follows influence back from the root at ever higher thresholds until what is reached passes
   * both tests; keeps all steps where none does.
   */
  private Start thresholdStage(InfluenceMatrix influence, Answers answers) {
    for (double theta : thetas) {
      Mask reached = influence.reached(theta);
      if (answers.of(reached).passes(tau)) {
        return new Start(reached, theta);
      }
    }
    return new Start(influence.allSteps(), Double.NaN);
  }

  /** Takes removable steps away at once if the rest passes both tests. */
  private Start withoutRemovable(Mask prefix, Mask removable, Answers answers) {
    Mask rest = prefix.minus(removable);
    boolean passes = rest.equals(prefix) || answers.of(rest).passes(tau);
    return new Start(passes ? rest : prefix, Double.NaN);
  }

  /**
   * Takes away one step after the other, the least important first, as long as the rest passes both
   * tests; a step that cannot go waits behind all others for another turn.
   */
  private Mask greedyQueue(Mask start, List<Integer> order, Answers answers) {
    Mask kept = start;
    Deque<Integer> queue = new ArrayDeque<>(order.stream().filter(start::has).toList());
    int failures = 0;
    while (failures < queue.size()) {
      int step = queue.remove();
      Mask trial = kept.without(step);
      if (answers.of(trial).passes(tau)) {
        kept = trial;
        failures = 0;
      } else {
        queue.add(step);
        failures++;
      }
    }
    return kept;
  }

  /** The root of the influence, and what else the queue never takes away. */
  private Mask guarded(Mask prefix) {
    int[] steps = prefix.steps();
    int last = steps.length - 1;
    Mask guarded = root.isStep() ? Mask.of(steps[last]) : Mask.of();
    int before = root.isStep() ? last - 1 : last;
    return guardBeforeRoot && steps.length > 1 ? guarded.with(steps[before]) : guarded;
  }
}
