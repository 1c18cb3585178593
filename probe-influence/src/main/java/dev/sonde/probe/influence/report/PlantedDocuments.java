package dev.sonde.probe.influence.report;

import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Ranked;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.Quantiles;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Documents that are known to teach what a query asks: the queries' column {@code planted} holds
 * their ids.
 *
 * @param documents per query with planted documents, their indices
 * @param top how many documents of a ranking count as its top
 * @param recalled of how many the planted ones are counted
 */
public record PlantedDocuments(Map<Integer, Set<Integer>> documents, int top, int recalled) {
  /** The top of a ranking: half a percent, at least one document, at most what all methods hold. */
  private static final double TOP = 0.005;

  private static final int LARGEST_TOP = 100;

  /** Documents of which the planted ones are counted, a tenth of all at most. */
  private static final int RECALLED = 10;

  /** With fewer queries a quarter of the others is no pattern. */
  private static final int FEWEST_QUERIES = 8;

  private static final String COLUMN = "planted";

  static PlantedDocuments of(List<TokenizedText> queries, List<TokenizedText> documents) {
    Map<String, Integer> byId = new HashMap<>();
    for (int d = 0; d < documents.size(); d++) {
      byId.put(documents.get(d).id(), d);
    }
    Map<Integer, Set<Integer>> planted = new LinkedHashMap<>();
    for (int q = 0; q < queries.size(); q++) {
      if (queries.get(q).example().has(COLUMN)) {
        Set<Integer> own =
            queries.get(q).example().texts(COLUMN).stream()
                .filter(byId::containsKey)
                .map(byId::get)
                .collect(Collectors.toSet());
        if (!own.isEmpty()) {
          planted.put(q, own);
        }
      }
    }
    int all = documents.size();
    return new PlantedDocuments(planted, top(all), Math.clamp(all / 10, 1, RECALLED));
  }

  static int top(int documents) {
    return Math.clamp((int) (TOP * documents), 1, LARGEST_TOP);
  }

  /** How many queries have a planted document at the top of their ranking. */
  int hits(Rankings rankings) {
    return (int) Arrays.stream(hit(rankings)).sum();
  }

  /** Per query with planted documents, 1 where one is at the top of its ranking, else 0. */
  double[] hit(Rankings rankings) {
    return each(rankings, (own, ranked) -> bestRank(own, ranked) <= top ? 1 : 0);
  }

  /** Per query the share of its planted documents among the first; all that have room is 1. */
  double[] recall(Rankings rankings) {
    return each(
        rankings,
        (own, ranked) ->
            IntStream.of(ranked.top(recalled)).filter(own::contains).count()
                / (double) Math.min(own.size(), recalled));
  }

  /**
   * The same of documents that stand among the first of at least a quarter of the other queries,
   * whatever these ask. A query or two that ask the same make none; of few queries there are none.
   */
  double[] recallOfHubs(Rankings rankings) {
    List<Ranked> all = rankings.queries();
    Map<Integer, Integer> counts = new HashMap<>();
    for (Ranked ranked : all) {
      IntStream.of(ranked.top(recalled))
          .forEach(document -> counts.merge(document, 1, Integer::sum));
    }
    int most = all.size() < FEWEST_QUERIES ? Integer.MAX_VALUE : (all.size() + 2) / 4;
    return each(
        rankings,
        (own, ranked) -> {
          Set<Integer> first =
              IntStream.of(ranked.top(recalled)).boxed().collect(Collectors.toSet());
          long hubs =
              own.stream()
                  .filter(
                      document ->
                          counts.getOrDefault(document, 0) - (first.contains(document) ? 1 : 0)
                              >= most)
                  .count();
          return Math.min(1, hubs / (double) Math.min(own.size(), recalled));
        });
  }

  /** Per query one over the rank of the best planted document; 0 where none is held. */
  double[] reciprocalRank(Rankings rankings) {
    return each(
        rankings,
        (own, ranked) -> {
          int rank = bestRank(own, ranked);
          return rank > ranked.size() ? 0 : 1.0 / rank;
        });
  }

  private double[] each(Rankings rankings, ToDoubleBiFunction<Set<Integer>, Ranked> figure) {
    return documents.entrySet().stream()
        .mapToDouble(own -> figure.applyAsDouble(own.getValue(), rankings.of(own.getKey())))
        .toArray();
  }

  /** The share of planted documents that a ranking by chance would recall. */
  double chance(int all) {
    return documents.values().stream()
        .mapToDouble(own -> recalled * (own.size() / (double) all) / Math.min(own.size(), recalled))
        .average()
        .orElse(Double.NaN);
  }

  /** The rank of the best planted document, from 1; one more than are held if none is. */
  private static int bestRank(Set<Integer> own, Ranked ranked) {
    return own.stream().mapToInt(ranked::rank).min().orElseThrow();
  }

  /** The median over queries of the best planted document's rank. */
  double medianRank(Rankings rankings) {
    return Quantiles.median(each(rankings, PlantedDocuments::bestRank));
  }
}
