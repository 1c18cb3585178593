package dev.sonde.probe.influence.score;

import java.util.List;

/** Rankings of all documents by given scores. */
public final class MadeRankings {
  private MadeRankings() {}

  /** Per query one number a document. */
  public static Rankings of(List<double[]> scores) {
    return new Rankings(
        Method.BM25, scores.stream().map(Ranked::of).toList(), new double[scores.size()][0]);
  }

  /** The same, the first query's scores being the only ones. */
  public static Rankings of(double... scores) {
    return of(List.of(scores));
  }
}
