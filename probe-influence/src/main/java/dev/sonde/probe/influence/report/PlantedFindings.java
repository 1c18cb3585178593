package dev.sonde.probe.influence.report;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Whether documents that teach what a query asks stand at the top, of every method's rankings. */
final class PlantedFindings {
  private final ProbeContext context;
  private final Report report;
  private final ScoredDocuments scored;
  private final PlantedDocuments planted;

  PlantedFindings(ProbeContext context, ScoredDocuments scored) {
    this.context = context;
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
    compare(of);
    report.claim(finds(own));
  }

  private Metric recall(double[] values) {
    Estimate mean = mean(values);
    return Metric.of("planted.recall", mean.value())
        .interval(mean.low(), mean.high())
        .unit("share");
  }

  private Estimate mean(double[] values) {
    return new ClusterBootstrap(
            Groups.ofSingleRows(values.length),
            context.bootstrapDraws(),
            context.random("planted"))
        .mean(values);
  }

  /** Whether planted documents are found, and more of them than simpler rankings find. */
  private ClaimEvidence finds(Rankings own) {
    double[] recall = planted.recall(own);
    int all = scored.documents().size();
    ClaimEvidence claim =
        ClaimEvidence.of(
                "finds_planted_documents",
                "Do the highest scores find the documents that teach what a query asks, more of them than shared words do?")
            .above(
                "share of such documents in the top %d of %d (recall)"
                    .formatted(planted.recalled(), all),
                recall(recall),
                planted.chance(all),
                "a ranking by chance")
            .testedByItsInterval();
    for (Rivals.Rival rival : Rivals.of(scored)) {
      double[] less = planted.recall(rival.rankings());
      double[] apart = recall.clone();
      Arrays.setAll(apart, query -> recall[query] - less[query]);
      claim = claim.rival(rival.words(), recall(less), recall(apart));
    }
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
