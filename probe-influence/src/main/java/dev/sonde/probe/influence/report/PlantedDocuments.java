package dev.sonde.probe.influence.report;

import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.Quantiles;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Documents that are known to teach what a query asks: the queries' column {@code planted} holds
 * their ids.
 *
 * @param documents per query with planted documents, their indices
 * @param top how many documents of a ranking count as its top
 */
public record PlantedDocuments(Map<Integer, Set<Integer>> documents, int top) {
  /** The top of a ranking: half a percent, at least one document. */
  private static final double TOP = 0.005;

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
    return new PlantedDocuments(planted, top(documents.size()));
  }

  /** The top of a ranking of so many documents. */
  public static int top(int documents) {
    return Math.max(1, (int) (TOP * documents));
  }

  /** How many queries have a planted document at the top of their ranking. */
  int hits(Rankings rankings) {
    return (int) Arrays.stream(hit(rankings)).sum();
  }

  /** Per query with planted documents, 1 where one is at the top of its ranking, else 0. */
  double[] hit(Rankings rankings) {
    return documents.keySet().stream()
        .mapToDouble(query -> bestRank(rankings, query) <= top ? 1 : 0)
        .toArray();
  }

  /** The share of queries that a ranking by chance would hit. */
  double chance(int all) {
    return documents.values().stream()
        .mapToDouble(
            own ->
                1
                    - IntStream.range(0, top)
                        .mapToDouble(drawn -> (all - own.size() - drawn) / (double) (all - drawn))
                        .map(share -> Math.max(0, share))
                        .reduce(1, (a, b) -> a * b))
        .average()
        .orElse(Double.NaN);
  }

  /** The rank of the best planted document, from 1. */
  private int bestRank(Rankings rankings, int query) {
    int[] order = rankings.orders().get(query);
    Set<Integer> own = documents.getOrDefault(query, Set.of());
    return 1
        + IntStream.range(0, order.length)
            .filter(rank -> own.contains(order[rank]))
            .findFirst()
            .orElse(order.length);
  }

  /** The median over queries of the best planted document's rank. */
  double medianRank(Rankings rankings) {
    return Quantiles.median(
        documents.keySet().stream().mapToDouble(query -> bestRank(rankings, query)).toArray());
  }
}
