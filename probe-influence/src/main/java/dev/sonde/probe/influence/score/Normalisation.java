package dev.sonde.probe.influence.score;

import java.util.Locale;

/** What a score is divided by, against the weight of long and atypical documents. */
public enum Normalisation {
  /** Nothing: the estimated change of the completion's log-probability. */
  NONE,
  /** The norm of the document's gradient. */
  GRAD_NORM,
  /** That and the norm of the query's preconditioned gradient: a cosine. */
  COSINE;

  static Normalisation parse(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** The name as settings and reports have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it ranks documents otherwise than the ones before. */
  public boolean ranks() {
    return this != COSINE;
  }

  /** The normalised score; 0 where a norm is. */
  public double of(double score, double documentNorm, double queryNorm) {
    double by =
        switch (this) {
          case NONE -> 1;
          case GRAD_NORM -> documentNorm;
          case COSINE -> documentNorm * queryNorm;
        };
    return by == 0 ? 0 : score / by;
  }
}
