package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;
import java.util.Optional;

/**
 * Follows influence back from the root at ever lower thresholds until what is reached passes both
 * tests.
 */
final class ThresholdStage {
  private final InfluenceMatrix influence;
  private final double[] thetas;
  private final double tau;
  private int next;

  /**
   * A stage.
   *
   * @param thetas ascending
   */
  ThresholdStage(InfluenceMatrix influence, double[] thetas, double tau) {
    this.influence = influence;
    this.thetas = thetas.clone();
    this.tau = tau;
  }

  /** Goes on as far as what is known; what must be tested next, nothing when it is done. */
  List<Mask> advance(Known known) {
    while (next < thetas.length) {
      Mask mask = mask(influence, thetas[next]);
      Optional<Verdict> verdict = known.of(mask);
      if (verdict.isEmpty()) {
        return List.of(mask);
      }
      if (verdict.get().passes(tau)) {
        return List.of();
      }
      next++;
    }
    return List.of();
  }

  /** The threshold at which the tests were passed; empty where all steps had to be kept. */
  Optional<Double> theta() {
    return next < thetas.length ? Optional.of(thetas[next]) : Optional.empty();
  }

  /** The steps that are kept, once nothing is wanted any more. */
  Mask kept() {
    return next < thetas.length ? mask(influence, thetas[next]) : all(influence);
  }

  /** All steps of the matrix. */
  static Mask all(InfluenceMatrix influence) {
    return steps(influence, Mask.first(influence.size()));
  }

  /** The steps that carry a share theta of the influence on the root, or on a step that does. */
  static Mask mask(InfluenceMatrix influence, double theta) {
    int root = influence.size() - 1;
    Mask rows = Mask.of(root);
    for (int target = root; target > 0; target--) {
      if (rows.has(target)) {
        for (int source : influence.strongest(target, theta)) {
          rows = rows.with(source);
        }
      }
    }
    return steps(influence, rows);
  }

  private static Mask steps(InfluenceMatrix influence, Mask rows) {
    Mask steps = Mask.of();
    for (int row : rows.steps()) {
      if (influence.steps()[row] >= 0) {
        steps = steps.with(influence.steps()[row]);
      }
    }
    return steps;
  }
}
