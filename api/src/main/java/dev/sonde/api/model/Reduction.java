package dev.sonde.api.model;

/** What becomes of the selected token rows of a sequence (or of one span). */
public enum Reduction {
  /** They are given as they are. */
  NONE,
  /** Their mean, one row. */
  MEAN,
  /** The largest value of each column, one row. */
  MAX,
  /** The Frobenius norm of all of them, one number. */
  NORM
}
