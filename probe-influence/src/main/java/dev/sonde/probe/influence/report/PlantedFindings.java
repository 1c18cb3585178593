package dev.sonde.probe.influence.report;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whether documents that teach what a query asks stand at the top, of every method's rankings. */
final class PlantedFindings {
  private final InfluenceClaims claims;
  private final Report report;
  private final ScoredDocuments scored;
  private final PlantedDocuments planted;

  PlantedFindings(ProbeContext context, ScoredDocuments scored) {
    this.claims = new InfluenceClaims(context.bootstrapDraws(), context::random);
    this.report = context.report();
    this.scored = scored;
    this.planted = PlantedDocuments.of(scored.queries(), scored.documents());
  }

  void report() {
    int of = planted.documents().size();
    if (of == 0) {
      report.note(
          "No query names documents that teach what it asks (column planted): planted.hit and"
              + " planted.recall are left out.");
      return;
    }
    Rankings own = scored.rankings();
    int hits = planted.hits(own);
    Interval interval = Interval.ofShare(hits, of);
    report.metric(
        Metric.of("planted.hit", hits / (double) of)
            .interval(interval.low(), interval.high())
            .n(of)
            .unit("share"));
    report.metric(Metric.of("planted.rank", planted.medianRank(own)).n(of).unit("rank"));
    report.metric(recall(planted.recall(own)).where("top", planted.recalled()).n(of));
    byKind(own);
    compare(of);
    report.claim(finds(own));
  }

  /**
   * The same for the queries of each kind, and by how much it is more than simpler rankings reach.
   */
  private void byKind(Rankings own) {
    List<Integer> queries = List.copyOf(planted.documents().keySet());
    Map<String, List<Integer>> kinds = new LinkedHashMap<>();
    for (int place = 0; place < queries.size(); place++) {
      String kind = scored.queries().get(queries.get(place)).kind();
      kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(place);
    }
    kinds.forEach(
        (kind, places) -> {
          if (kind.isEmpty()) {
            return;
          }
          double[] recall = of(planted.recall(own), places);
          report.metric(
              recall(recall).where("top", planted.recalled()).where("kind", kind).n(recall.length));
          for (Rivals.Rival rival : Rivals.of(scored)) {
            double[] less = of(planted.recall(rival.rankings()), places);
            report.metric(
                claims
                    .difference("planted.recall.difference", recall, less)
                    .where("kind", kind)
                    .where("from", rival.rankings().method().words())
                    .n(recall.length));
          }
        });
  }

  private static double[] of(double[] values, List<Integer> places) {
    return places.stream().mapToDouble(place -> values[place]).toArray();
  }

  private Metric recall(double[] values) {
    return claims.recall(values);
  }

  /** Whether planted documents are found, and more of them than simpler rankings find. */
  private ClaimEvidence finds(Rankings own) {
    Map<String, Rankings> rivals = new LinkedHashMap<>();
    Rivals.of(scored).forEach(rival -> rivals.put(rival.words(), rival.rankings()));
    ClaimEvidence claim = claims.finds(planted, own, scored.documents().size(), rivals);
    return scored.words().isPresent()
        ? claim
        : claim.cannotTell("documents were not ranked by shared words", "the setting bm25");
  }

  /** The same figures for every other method. */
  private void compare(int of) {
    List<List<Object>> rows = new ArrayList<>();
    for (Rankings other : scored.all()) {
      String name = other.method().words();
      double share = planted.hits(other) / (double) of;
      double recall = Means.of(planted.recall(other));
      double reciprocal = Means.of(planted.reciprocalRank(other));
      report.metric(compared("planted.compared", share, name, of).unit("share"));
      report.metric(compared("planted.recall.compared", recall, name, of).unit("share"));
      report.metric(compared("planted.mrr", reciprocal, name, of));
      rows.add(List.of(name, share, recall, reciprocal, planted.medianRank(other)));
    }
    report.table(
        Table.of(
            "planted",
            "Planted documents, by how documents are ranked: queries with one in the top %d, share of all in the top %d, mean reciprocal rank of the best, and its median rank"
                .formatted(planted.top(), planted.recalled()),
            List.of("ranking", "share of queries", "recall", "reciprocal rank", "median best rank"),
            rows));
  }

  private static Metric compared(String metric, double value, String name, int of) {
    return Metric.of(metric, value).where("ranking", name).n(of);
  }
}
