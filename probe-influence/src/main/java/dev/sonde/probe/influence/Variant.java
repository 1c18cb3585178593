package dev.sonde.probe.influence;

/**
 * One way of scoring.
 *
 * @param strategy of the curvature
 * @param damping as a multiple of the mean eigenvalue of each linear
 */
record Variant(Strategy strategy, double damping) {

  /** What is added to a linear's eigenvalues; nothing where there is no curvature. */
  double dampingOf(Curvature curvature) {
    return strategy == Strategy.IDENTITY ? 0 : curvature.damping(damping);
  }
}
