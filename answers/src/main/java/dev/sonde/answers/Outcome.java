package dev.sonde.answers;

/** What becomes of a generated text that is held against the accepted answers. */
public enum Outcome {
  /** It gives an accepted answer. */
  RIGHT,
  /** It gives another answer. */
  WRONG,
  /** It gives none that could be read; never counted as a guess. */
  UNPARSED
}
