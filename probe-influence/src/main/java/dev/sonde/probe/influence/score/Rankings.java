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

  /**
   * For every query the documents by their mean rank for the others: what stands high whatever is
   * asked. Ranks, so that a query or two that ask the same do not decide.
   */
  public Rankings ofOtherQueries() {
    double[] sums = new double[orders.getFirst().length];
    for (int[] order : orders) {
      for (int rank = 0; rank < order.length; rank++) {
        sums[order[rank]] -= rank;
      }
    }
    return of(
        orders.stream()
            .map(
                order -> {
                  double[] others = sums.clone();
                  for (int rank = 0; rank < order.length; rank++) {
                    others[order[rank]] += rank;
                  }
                  return others;
                })
            .toList());
  }

  /** The scores of a query's documents that are positive, the highest first. */
  public double[] positive(int query) {
    double[] own = scores.get(query);
    return IntStream.of(orders.get(query)).mapToDouble(d -> own[d]).filter(s -> s > 0).toArray();
  }
}
