package dev.sonde.probe.influence;

/**
 * One way of scoring.
 *
 * @param strategy of the curvature
 * @param damping as a multiple of the mean eigenvalue of each linear
 */
record Variant(Strategy strategy, double damping) {}
