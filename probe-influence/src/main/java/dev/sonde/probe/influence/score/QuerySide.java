package dev.sonde.probe.influence.score;

import dev.sonde.api.linalg.LinearAlgebra;
import dev.sonde.probe.influence.read.GradientRows;

/** The preconditioned gradients of some queries, which documents are multiplied with. */
interface QuerySide {
  /** Number of scores an item gets: one a query and variant. */
  int width();

  /**
   * Adds what one linear contributes to the scores of some items.
   *
   * @param into a row per item of the request
   */
  void score(GradientRows rows, ScoreSums into, LinearAlgebra algebra);
}
