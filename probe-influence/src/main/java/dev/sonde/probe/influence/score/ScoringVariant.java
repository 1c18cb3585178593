package dev.sonde.probe.influence.score;

import dev.sonde.probe.influence.curvature.Curvature;
import dev.sonde.probe.influence.curvature.Strategy;

/**
 * One way of scoring.
 *
 * @param strategy of the curvature
 * @param damping as a multiple of the mean eigenvalue of each linear
 */
public record ScoringVariant(Strategy strategy, double damping) {

  /** What is added to a linear's eigenvalues; nothing where there is no curvature. */
  double dampingOf(Curvature curvature) {
    return strategy == Strategy.IDENTITY ? 0 : curvature.damping(damping);
  }
}
