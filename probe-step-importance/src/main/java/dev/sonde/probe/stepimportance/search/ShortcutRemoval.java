package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** Takes away the steps that give the answer away on their own. */
final class ShortcutRemoval {
  private final int steps;
  private final double tau;
  private final IntPredicate statesAnswer;
  private final IntPredicate spared;

  /**
   * A scan.
   *
   * @param steps how many there are
   * @param statesAnswer steps that say the answer in words, which need no test
   * @param spared steps that stay whatever they say
   */
  ShortcutRemoval(int steps, double tau, IntPredicate statesAnswer, IntPredicate spared) {
    this.steps = steps;
    this.tau = tau;
    this.statesAnswer = statesAnswer;
    this.spared = spared;
  }

  /** The subsequences that must be tested still. */
  List<Mask> wanted(Known known) {
    List<Mask> wanted = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      Mask alone = Mask.of(step);
      if (!statesAnswer.test(step) && !spared.test(step) && known.of(alone).isEmpty()) {
        wanted.add(alone);
      }
    }
    return wanted;
  }

  /** The steps that stay, once nothing is wanted any more. */
  Mask remaining(Known known) {
    Mask remaining = Mask.first(steps);
    for (int step = 0; step < steps; step++) {
      Optional<Verdict> alone = known.of(Mask.of(step));
      boolean givesAway =
          statesAnswer.test(step) || alone.filter(verdict -> verdict.suffices(tau)).isPresent();
      if (givesAway && !spared.test(step)) {
        remaining = remaining.without(step);
      }
    }
    return remaining;
  }
}
