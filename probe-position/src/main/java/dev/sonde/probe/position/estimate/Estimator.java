package dev.sonde.probe.position.estimate;

import java.util.Locale;

/** The ways to approximate logits by a sum; reconstructions, not the paper's own procedures. */
public enum Estimator {
  /** Distance, query and key axes by least squares. */
  E1,
  /** Distance and key axes by least squares, rows centred before. */
  E2,
  /** {@code f(q, d) + g(q, k)} by marginals over dummy distances, on the cells that are there. */
  E3,
  /** The same with distances weighted by how much attention they get. */
  E3W,
  /** {@code f(q, d) + g(q, k)} from the mean key and the slow planes. */
  E4;

  /** Its name in metrics. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
