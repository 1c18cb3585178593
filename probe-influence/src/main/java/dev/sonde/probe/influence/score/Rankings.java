package dev.sonde.probe.influence.score;

import java.util.List;

/**
 * What a method makes of the documents for every query.
 *
 * @param method how they are ranked
 * @param queries per query the documents that are held
 * @param sums per query and random subset the sum of the scores of its documents, up to one factor
 *     a query; {@code [queries][subsets]}
 */
public record Rankings(Method method, List<Ranked> queries, double[][] sums) {

  /** A query's documents. */
  public Ranked of(int query) {
    return queries.get(query);
  }
}
