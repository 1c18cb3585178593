package dev.sonde.probe.influence.report;

import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.read.LinearModule;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.InfluenceScores;
import dev.sonde.probe.influence.score.Ranked;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Which linears scores come from, and which documents score highest for themselves. */
final class ScoreBreakdown {
  private final InfluenceScores scores;
  private final List<LinearModule> linears;
  private final List<TokenizedText> documents;

  ScoreBreakdown(
      InfluenceScores scores, List<LinearModule> linears, List<TokenizedText> documents) {
    this.scores = scores;
    this.linears = linears;
    this.documents = documents;
  }

  /**
   * Reports what was computed of the two.
   *
   * @param byKind the queries of each kind
   * @param show documents shown
   */
  void report(Report report, Map<String, List<Integer>> byKind, int show) {
    if (scores.linears().length > 0) {
      modules(report, byKind);
    }
    if (scores.self().length > 0) {
      self(report, show);
    }
  }

  private void modules(Report report, Map<String, List<Integer>> byKind) {
    List<String> columns = new ArrayList<>(List.of("linear"));
    columns.addAll(byKind.keySet());
    List<double[]> shares =
        byKind.values().stream().map(queries -> shares(scores.linears(), queries)).toList();
    List<List<Object>> rows = new ArrayList<>();
    for (int linear = 0; linear < linears.size(); linear++) {
      List<Object> row = new ArrayList<>(List.of(linears.get(linear).module()));
      int kind = 0;
      for (String name : byKind.keySet()) {
        double share = shares.get(kind++)[linear];
        row.add(share);
        report.metric(
            Metric.of("module.share", share)
                .where("module", linears.get(linear).module())
                .where("kind", name)
                .unit("share"));
      }
      rows.add(row);
    }
    report.table(
        Table.of(
            "modules",
            "Where scores come from: each linear's share of all |scores|",
            columns,
            rows));
  }

  /**
   * Each linear's share of the sum of absolute scores.
   *
   * @param linears per linear and query the sum of its absolute scores
   */
  static double[] shares(double[][] linears, List<Integer> queries) {
    double[] sums =
        Arrays.stream(linears)
            .mapToDouble(own -> queries.stream().mapToDouble(query -> own[query]).sum())
            .toArray();
    double all = Arrays.stream(sums).sum();
    return Arrays.stream(sums).map(sum -> all == 0 ? 0 : sum / all).toArray();
  }

  private void self(Report report, int show) {
    int[] order = Ranked.of(scores.self()).top(show);
    List<List<Object>> rows = new ArrayList<>();
    for (int rank = 0; rank < order.length; rank++) {
      TokenizedText document = documents.get(order[rank]);
      rows.add(List.of(rank + 1, document.id(), scores.self()[order[rank]], document.text()));
    }
    report.table(
        Table.of(
            "self",
            "Documents that score highest for themselves: unlike the others, or long",
            List.of("rank", "document", "score", "text"),
            rows));
  }
}
