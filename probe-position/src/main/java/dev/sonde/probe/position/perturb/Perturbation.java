package dev.sonde.probe.position.perturb;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Kinds of perturbation of a running model. */
public enum Perturbation {
  /** P1: tokens swapped. */
  ORDER,
  /** P1: words swapped that have as many tokens. */
  WORDS,
  /** P1: sentences in another order. */
  SENTENCES,
  /** P2: positions swapped, tokens and mask as they are. */
  POSITIONS,
  /** P3a: the distance of some query-key pairs is off by a few tokens. */
  JITTER,
  /** P3b: f + g, its parts and nothing in place of the logits of all blocks. */
  SUBSTITUTION,
  /** P3b with what stands beside that, on few texts: E4, E1, the logits themselves. */
  SUBSTITUTION_BESIDE,
  /** P3b in one block at a time. */
  SUBSTITUTED_BLOCKS,
  /** P3b in one head at a time. */
  SUBSTITUTED_HEADS,
  /** P3c: all keys at one distance. */
  CONSTANT_DISTANCE,
  /** All keys but a query's own farther away. */
  SHIFTED_DISTANCE,
  /** No key farther away than some tokens. */
  CLIPPED_DISTANCE,
  /** P4: contexts of 1 to 8 times the trained window. */
  LENGTH,
  /** P4: a number that such a context states once, asked for at its end. */
  PASSKEY;

  /** Its name in settings and metrics. */
  public String key() {
    return (this == SUBSTITUTION_BESIDE ? SUBSTITUTION : this).name().toLowerCase(Locale.ROOT);
  }

  /** Whether it tells something of a model that learnt nothing, too. */
  boolean ofControl() {
    return this == SUBSTITUTION;
  }

  /** Those names that are asked for where nothing is said: what tells something of any text. */
  public static List<String> usual() {
    return names().stream().filter(name -> !name.equals(PASSKEY.key())).toList();
  }

  /** All of those names. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Perturbation::key).distinct().toList();
  }

  /**
   * A perturbation by that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Perturbation named(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT));
  }
}
