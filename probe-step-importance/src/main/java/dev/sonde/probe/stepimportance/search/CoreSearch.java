package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.config.Config;
import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.Root;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

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
    Tests tests = new Tests(answers);
    Start start =
        guidance
            .influence()
            .map(influence -> thresholdStage(influence, tests))
            .orElseGet(() -> withoutRemovable(prefix, guidance.removable().minus(guarded), tests));
    List<Mask> found = new ArrayList<>();
    for (List<Integer> order : guidance.orders()) {
      List<Integer> queue = order.stream().filter(step -> !guarded.has(step)).toList();
      found.add(greedyQueue(start.kept(), queue, tests));
    }
    TestResult tested = answers.of(found.getFirst());
    return new SearchResult.Core(
        guidance.variant(),
        start.theta(),
        start.kept(),
        found,
        tested,
        tested.passes(tau),
        tests.trials,
        guidance.influence(),
        guidance.scores());
  }

  /** Both tests, with a count of what became of the subsequences, each counted once. */
  private final class Tests {
    private final Answers answers;
    private final Set<Mask> counted = new HashSet<>();
    private SearchResult.Trials trials = new SearchResult.Trials(0, 0, 0);

    Tests(Answers answers) {
      this.answers = answers;
    }

    void askAhead(List<Mask> masks) {
      answers.askAhead(masks, tau);
    }

    boolean pass(Mask mask) {
      Answers.Verdict verdict = answers.verdict(mask, tau);
      if (counted.add(mask)) {
        trials =
            trials.plus(
                switch (verdict) {
                  case UNATTAINABLE -> new SearchResult.Trials(1, 0, 0);
                  case INSUFFICIENT -> new SearchResult.Trials(0, 1, 0);
                  case PASSES -> new SearchResult.Trials(0, 0, 1);
                });
      }
      return verdict == Answers.Verdict.PASSES;
    }
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
  private Start thresholdStage(InfluenceMatrix influence, Tests tests) {
    SequencedMap<Mask, Double> reached = new LinkedHashMap<>();
    for (double theta : thetas) {
      reached.putIfAbsent(influence.reached(theta), theta);
    }
    tests.answers.measureAttainability(List.copyOf(reached.sequencedKeySet()));
    return reached.entrySet().stream()
        .filter(each -> each.getKey().size() > 0 && tests.pass(each.getKey()))
        .findFirst()
        .map(each -> new Start(each.getKey(), each.getValue()))
        .orElseGet(() -> new Start(influence.allSteps(), Double.NaN));
  }

  /** Takes removable steps away at once if the rest passes both tests. */
  private static Start withoutRemovable(Mask prefix, Mask removable, Tests tests) {
    Mask rest = prefix.minus(removable);
    boolean passes = rest.equals(prefix) || tests.pass(rest);
    return new Start(passes ? rest : prefix, Double.NaN);
  }

  /**
   * Takes away one step after the other, the least important first, as long as the rest passes both
   * tests; a step that cannot go waits behind all others for another turn. The more steps in a row
   * could not go, the more are asked for together: in the last round none can.
   */
  private static Mask greedyQueue(Mask start, List<Integer> order, Tests tests) {
    Mask kept = start;
    Deque<Integer> queue = new ArrayDeque<>(order.stream().filter(start::has).toList());
    int failures = 0;
    int asked = 0;
    while (failures < queue.size()) {
      if (asked == 0 && failures > 1) {
        asked = Math.min(failures, queue.size() - failures);
        tests.askAhead(queue.stream().limit(asked).map(kept::without).toList());
      }
      asked = Math.max(0, asked - 1);
      int step = queue.remove();
      Mask trial = kept.without(step);
      if (tests.pass(trial)) {
        kept = trial;
        failures = 0;
        asked = 0;
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
