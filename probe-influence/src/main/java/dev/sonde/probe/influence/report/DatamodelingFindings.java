package dev.sonde.probe.influence.report;

import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.check.Datamodeling;
import dev.sonde.probe.influence.check.Datamodeling.Predicted;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Method;
import dev.sonde.probe.influence.score.Normalisation;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** How well the sums of scores predict training on random halves, method by method. */
final class DatamodelingFindings {
  private static final String ALL = "all";

  private final Report report;
  private final ScoredDocuments scored;
  private final Datamodeling datamodeling;
  private final Map<String, List<Integer>> kinds = new LinkedHashMap<>();
  private final Map<Method, Predicted> predicted = new LinkedHashMap<>();

  DatamodelingFindings(Report report, ScoredDocuments scored, Datamodeling datamodeling) {
    this.report = report;
    this.scored = scored;
    this.datamodeling = datamodeling;
    List<TokenizedText> queries = scored.queries();
    List<Integer> all = IntStream.range(0, queries.size()).boxed().toList();
    kinds.put(ALL, all);
    for (int query : all) {
      String kind = queries.get(query).kind();
      if (!kind.isEmpty()) {
        kinds.computeIfAbsent(kind, k -> new ArrayList<>()).add(query);
      }
    }
    for (Rankings own : scored.all()) {
      predicted.put(own.method(), datamodeling.predicted(own.sums()));
    }
  }

  void report() {
    List<List<Object>> rows = new ArrayList<>();
    List<List<Object>> shown = new ArrayList<>();
    kinds.forEach(
        (kind, own) -> {
          Estimate ceiling = datamodeling.ceiling(own);
          if (Double.isFinite(ceiling.value())) {
            report.metric(of(kind, metric("lds.ceiling", ceiling)).n(own.size()));
          }
          predicted.forEach(
              (method, by) -> {
                Estimate score = datamodeling.score(by, own);
                report.metric(of(kind, named(method, metric("lds", score))).n(own.size()));
                rows.add(row(method.words(), kind, score, own.size(), ceiling.value()));
                if (isShown(method)) {
                  shown.add(row(method.words(), kind, score, own.size(), ceiling.value()));
                }
              });
          against(kind, own);
        });
    report.table(
        Table.of(
            "lds",
            "Linear datamodeling score over %d random halves of the documents: rank correlation of summed scores with the log-probability after training on a half; beside it the ceiling that the noise of training sets"
                .formatted(datamodeling.subsets()),
            List.of("scores", "queries", "lds", "lower", "upper", "count", "ceiling"),
            rows));
    report.figure(CheckPlots.subsets(shown));
    report.claim(predicts());
  }

  /** By how much the reported method predicts better than each other, pair by pair. */
  private void against(String kind, List<Integer> own) {
    Method reported = scored.rankings().method();
    Predicted first = by(reported);
    predicted.forEach(
        (method, other) -> {
          if (!method.equals(reported)) {
            Metric apart = metric("lds.difference", datamodeling.difference(first, other, own));
            report.metric(of(kind, apart.where("from", method.words())).n(own.size()));
          }
        });
  }

  private Predicted by(Method method) {
    return Optional.ofNullable(predicted.get(method)).orElseThrow();
  }

  /** The figure has the reported division, and what no gradients make. */
  private boolean isShown(Method method) {
    Normalisation reported = scored.rankings().method().normalisation();
    return method.variant().isEmpty() || method.normalisation() == reported;
  }

  /** Whether scores predict, and better than each simpler ranking does. */
  private ClaimEvidence predicts() {
    List<Integer> all = kinds.getOrDefault(ALL, List.of());
    Method reported = scored.rankings().method();
    Map<String, Predicted> rivals = new LinkedHashMap<>();
    for (Rivals.Rival rival : Rivals.of(scored)) {
      rivals.put(rival.words(), by(rival.rankings().method()));
    }
    return InfluenceClaims.predicts(datamodeling, all, reported.words(), by(reported), rivals);
  }

  private static Metric metric(String name, Estimate estimate) {
    return InfluenceClaims.figure(name, estimate);
  }

  private static Metric of(String kind, Metric metric) {
    return kind.equals(ALL) ? metric : metric.where("kind", kind);
  }

  private Metric named(Method method, Metric metric) {
    return metric.where("scores", method.words());
  }

  private static List<Object> row(
      String words, String kind, Estimate score, int queries, double ceiling) {
    return List.of(
        words,
        kind,
        score.value(),
        score.low(),
        score.high(),
        queries,
        Double.isFinite(ceiling) ? ceiling : "");
  }
}
