package dev.sonde.probe.position.perturb;

import java.util.Locale;

/** What can stand in place of attention's logits. */
public enum Substitute {
  /** The logits themselves: what substituting costs by itself. */
  EXACT,
  /** {@code f(q, d) + g(q, k)} by marginals over dummy distances. */
  E3,
  /** {@code f(q, d) + g(q, k)} from the mean key and the slow planes. */
  E4,
  /** A number per distance, query and key, fitted to the text. */
  E1,
  /** f of E3 and the g of other keys. */
  SHUFFLED,
  /** f of E3 alone. */
  F,
  /** g of E3 alone. */
  G,
  /** 0: every key that is looked at gets the same attention. */
  UNIFORM;

  /** Its name in metrics. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that name. */
  static Substitute named(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
