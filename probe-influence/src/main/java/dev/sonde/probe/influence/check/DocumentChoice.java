package dev.sonde.probe.influence.check;

import java.util.Locale;

/** Which documents a training is repeated on. */
public enum DocumentChoice {
  /** All. */
  FULL,
  /** A random half. */
  SUBSET,
  /** All but those of the highest influence on a group of queries. */
  INFLUENCE,
  /** All but as many of the lowest influence. */
  BOTTOM,
  /** All but as many that share the most words with the queries of a group. */
  BM25,
  /** All but as many at random. */
  RANDOM;

  /** The name as files and reports have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
