package dev.sonde.probe.position.perturb;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A condition that texts are run under.
 *
 * @param perturbation its name in metrics
 * @param fraction share of tokens or cells that it concerns
 * @param where further coordinates: {@code distance}, {@code multiple}, {@code layer}, {@code head}
 */
public record PerturbationCase(String perturbation, double fraction, Map<String, Integer> where) {
  /** The coordinate of a block. */
  static final String LAYER = "layer";

  /** The coordinate of a head. */
  static final String HEAD = "head";

  /** A condition with its coordinates copied. */
  public PerturbationCase {
    where = Collections.unmodifiableMap(new LinkedHashMap<>(where));
  }

  /** A condition without further coordinates. */
  static PerturbationCase of(String perturbation, double fraction) {
    return new PerturbationCase(perturbation, fraction, Map.of());
  }

  /** A condition of everything with one coordinate. */
  static PerturbationCase at(String perturbation, String coordinate, int value) {
    return new PerturbationCase(perturbation, 1, Map.of(coordinate, value));
  }

  /** A substitution in a place; nowhere named: everywhere. */
  static PerturbationCase of(Perturbation kind, Substitute substitute, Map<String, Integer> where) {
    return new PerturbationCase(kind.key() + "." + substitute.key(), 1, where);
  }

  /** What stands behind the dot of its name; all of it where there is none. */
  String variant() {
    return perturbation.substring(perturbation.indexOf('.') + 1);
  }
}
