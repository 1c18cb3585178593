package dev.sonde.probe.influence;

import dev.sonde.api.linalg.LinearAlgebra;

/** The preconditioned gradients of some queries, which documents are multiplied with. */
interface QuerySide {
  /** Number of scores an item gets: one a query and variant. */
  int width();

  /**
   * Adds what one linear contributes to the scores of some items.
   *
   * @param into a row per item of the request
   */
  void score(TokenRows rows, Scores into, LinearAlgebra algebra);
}
