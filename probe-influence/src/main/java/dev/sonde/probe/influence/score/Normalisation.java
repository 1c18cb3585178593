package dev.sonde.probe.influence.score;

import java.util.List;
import java.util.Locale;

/** What a score is divided by, against the weight of long and atypical documents. */
public enum Normalisation {
  /** Nothing: the estimated change of the completion's log-probability. */
  NONE,
  /** The norm of the document's gradient. */
  GRAD_NORM,
  /** That and the norm of the query's preconditioned gradient: a cosine. */
  COSINE,
  /** The number of tokens that the document is trained on. */
  PER_TOKEN;

  /** Those that rank documents differently; a cosine ranks as {@link #GRAD_NORM} does. */
  static final List<Normalisation> RANKING = List.of(NONE, GRAD_NORM, PER_TOKEN);

  static Normalisation parse(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** The name as settings and reports have it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The normalised score; 0 where a norm is.
   *
   * @param tokens that the document is trained on
   */
  public double of(double score, double documentNorm, double queryNorm, int tokens) {
    double by =
        switch (this) {
          case NONE -> 1;
          case GRAD_NORM -> documentNorm;
          case COSINE -> documentNorm * queryNorm;
          case PER_TOKEN -> tokens;
        };
    return by == 0 ? 0 : score / by;
  }
}
