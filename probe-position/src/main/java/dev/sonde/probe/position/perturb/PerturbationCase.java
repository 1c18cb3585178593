package dev.sonde.probe.position.perturb;

/**
 * A condition that texts are run under.
 *
 * @param perturbation its name in metrics
 * @param fraction share of tokens or cells that it concerns
 * @param detail a further coordinate, {@code distance} or {@code multiple}; empty where there is
 *     none
 * @param amount its value
 */
record PerturbationCase(String perturbation, double fraction, String detail, int amount) {
  /** A condition without a further coordinate. */
  static PerturbationCase of(String perturbation, double fraction) {
    return new PerturbationCase(perturbation, fraction, "", 0);
  }
}
