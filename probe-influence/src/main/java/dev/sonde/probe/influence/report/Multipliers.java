package dev.sonde.probe.influence.report;

import dev.sonde.probe.influence.score.Rankings;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How much more often documents of a source stand at the top of rankings than in the corpus (Ruis
 * et al. 2025, section 5.4).
 */
final class Multipliers {
  private Multipliers() {}

  /**
   * The share among the top documents over the share in the corpus, by source.
   *
   * @param sources of the documents
   * @param queries whose rankings are put together
   */
  static Map<String, Double> of(
      List<String> sources, Rankings rankings, List<Integer> queries, int top) {
    Map<String, Double> corpus = new TreeMap<>();
    sources.forEach(source -> corpus.merge(source, 1.0 / sources.size(), Double::sum));
    Map<String, Double> found = new TreeMap<>();
    for (int query : queries) {
      for (int document : rankings.of(query).top(top)) {
        found.merge(sources.get(document), 1.0 / (top * queries.size()), Double::sum);
      }
    }
    Map<String, Double> multipliers = new TreeMap<>();
    corpus.forEach(
        (source, share) -> multipliers.put(source, found.getOrDefault(source, 0.0) / share));
    return multipliers;
  }
}
