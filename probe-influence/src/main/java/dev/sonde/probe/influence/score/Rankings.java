package dev.sonde.probe.influence.score;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Documents in the order in which a method puts them, for every query.
 *
 * @param scores per query one number a document
 * @param orders per query the indices of the documents, the highest score first
 */
public record Rankings(List<double[]> scores, List<int[]> orders) {

  /** By scores; per query one number a document. */
  public static Rankings of(List<double[]> scores) {
    return new Rankings(scores, scores.stream().map(InfluenceScores::ranking).toList());
  }

  /** By scores per nat of the completion. */
  public static Rankings of(InfluenceScores table, Normalisation normalisation) {
    return of(
        IntStream.range(0, table.queries())
            .mapToObj(query -> table.perNat(query, normalisation))
            .toList());
  }

  /** The scores of a query's documents that are positive, the highest first. */
  public double[] positive(int query) {
    double[] own = scores.get(query);
    return IntStream.of(orders.get(query)).mapToDouble(d -> own[d]).filter(s -> s > 0).toArray();
  }
}
