package dev.sonde.probe.position.atlas;

import java.util.Locale;

/** Where a head looks: mean shares of its attention, from 0 to 1. */
public enum Pattern {
  /** At the token before, on texts. */
  PREVIOUS('P', 0.3, "the token before"),
  /** At earlier tokens of the same kind, on random tokens that come twice. */
  DUPLICATE('D', 0.2, "the same token, earlier"),
  /** At what followed the same token earlier, on random tokens that come twice. */
  INDUCTION('I', 0.2, "what followed the same token"),
  /**
   * How often what followed the same token earlier is what is looked at most, the first token
   * aside, on random tokens that come twice.
   */
  RETRIEVAL('R', 0.5, "copies what followed the same token"),
  /** At the latest tokens, its own and the one before left out, on texts. */
  LOCAL('L', 0.4, "near tokens"),
  /** At the first token, on texts. */
  SINK('S', 0.5, "the first token");

  private final char letter;
  private final double enough;
  private final String words;

  Pattern(char letter, double enough, String words) {
    this.letter = letter;
    this.enough = enough;
    this.words = words;
  }

  /** Its name in metrics. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A letter for figures. */
  public String letter() {
    return String.valueOf(letter);
  }

  /** What is looked at, in words. */
  public String words() {
    return words;
  }

  /** The share from which a head is called by it: a convention, for finding heads. */
  public double enough() {
    return enough;
  }

  /** Whether it is measured on random tokens that come twice, not on texts. */
  public boolean ofRepeats() {
    return this == DUPLICATE || this == INDUCTION || this == RETRIEVAL;
  }
}
