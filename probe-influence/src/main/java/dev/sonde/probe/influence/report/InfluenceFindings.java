package dev.sonde.probe.influence.report;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.InfluenceScores;
import dev.sonde.probe.influence.score.Normalisation;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.probe.influence.score.ScoringVariant;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What the scores amount to: figures of merit, tables, plots, and the verdict. */
public final class InfluenceFindings {
  /** Shares of the positive documents whose scores are summed. */
  private static final double[] SHARES = {0.01, 0.05, 0.2, 1};

  /** Most documents that the power law is fitted on (Ruis et al. 2025, figure 5). */
  private static final int POWER_LAW = 500;

  private final ProbeContext context;
  private final Report report;
  private final ScoredDocuments scored;
  private final ReportSettings settings;
  private final List<TokenizedText> queries;
  private final List<TokenizedText> documents;
  private final Rankings rankings;
  private final InfluenceClaims claims;
  private final List<String> kinds;
  private final List<String> relations;

  /** Of some scores, as a section of a report. */
  public InfluenceFindings(ProbeContext context, ScoredDocuments scored, ReportSettings settings) {
    this.context = context;
    this.report = context.report();
    this.scored = scored;
    this.settings = settings;
    this.queries = scored.queries();
    this.documents = scored.documents();
    this.rankings = scored.rankings();
    this.claims = new InfluenceClaims(context.bootstrapDraws(), context::random);
    this.kinds = column(queries, "kind");
    this.relations = column(queries, "relation");
  }

  private static List<String> column(List<TokenizedText> items, String name) {
    return items.stream()
        .map(item -> item.example().has(name) ? item.example().text(name) : "")
        .toList();
  }

  /** The documents in the order of the reported scores. */
  public Rankings rankings() {
    return rankings;
  }

  /** Reports them. */
  public void report() {
    report.question(
        "Which training documents make the model's completions as likely as they are, and do the scores really tell?");
    planted();
    correlations();
    magnitudes();
    contents();
    new ScoreBreakdown(scored.first(), scored.linears(), documents)
        .report(report, byKind(), settings.top());
    sources();
    Hubs.of(rankings, documents.size()).report(report, documents);
  }

  private void contents() {
    Map<String, Rankings> by = new LinkedHashMap<>();
    by.put("influence", rankings);
    if (settings.bm25()) {
      by.put("bm25", scored.rankingsByWords());
    }
    new Contents(queries, documents, PlantedDocuments.top(documents.size()))
        .report(report, byKind(), by);
  }

  private void planted() {
    PlantedDocuments planted = PlantedDocuments.of(queries, documents);
    int of = planted.documents().size();
    if (of == 0) {
      report.note(
          "No query names documents that teach what it asks (column planted): planted.hit is left"
              + " out.");
      return;
    }
    int hits = planted.hits(rankings);
    double share = hits / (double) of;
    Interval interval = Interval.ofShare(hits, of);
    report.metric(
        Metric.of("planted.hit", share)
            .interval(interval.low(), interval.high())
            .n(of)
            .unit("share"));
    report.metric(Metric.of("planted.rank", planted.medianRank(rankings)).n(of).unit("rank"));
    compare(planted);
    report.claim(
        claims.finds(
            planted,
            rankings,
            documents.size(),
            settings.bm25() ? Optional.of(scored.rankingsByWords()) : Optional.empty()));
  }

  /** The same figure for other strategies, dampings, normalisations and for words alone. */
  private void compare(PlantedDocuments planted) {
    Map<String, Supplier<Rankings>> others = new LinkedHashMap<>();
    for (int v = 0; v < scored.scores().size(); v++) {
      ScoringVariant variant = scored.settings().variants().get(v);
      InfluenceScores table = scored.scores().get(v);
      for (Normalisation normalisation : Normalisation.values()) {
        boolean formed = table.documentNorms().length > 0;
        if (normalisation == Normalisation.NONE || (formed && normalisation.ranks())) {
          others.put(
              "%s, damping %s, %s"
                  .formatted(variant.strategy().word(), variant.damping(), normalisation.word()),
              () -> Rankings.of(table, normalisation));
        }
      }
    }
    if (settings.bm25()) {
      others.put("bm25", scored::rankingsByWords);
    }
    int of = planted.documents().size();
    List<List<Object>> rows = new ArrayList<>();
    others.forEach(
        (name, ranked) -> {
          Rankings other = ranked.get(); // one at a time: they are as large as all scores
          double share = planted.hits(other) / (double) of;
          double rank = planted.medianRank(other);
          report.metric(
              Metric.of("planted.compared", share).where("ranking", name).n(of).unit("share"));
          rows.add(List.of(name, share, rank));
        });
    report.table(
        Table.of(
            "planted",
            "Queries with a planted document in the top %d, by how documents are ranked"
                .formatted(planted.top()),
            List.of("ranking", "share of queries", "median best rank"),
            rows));
  }

  private void correlations() {
    if (queries.size() < 2) {
      report.note("One query alone has no correlation with others.");
      return;
    }
    QueryCorrelation correlation = QueryCorrelation.of(kinds, relations, rankings.scores());
    Map<String, QueryCorrelation.Mean> means =
        correlation.means(context.bootstrapDraws(), context.random("queries"));
    means.forEach(
        (pair, mean) ->
            report.metric(
                Metric.of("query.correlation", mean.estimate().value())
                    .where("kind", pair)
                    .interval(mean.estimate().low(), mean.estimate().high())
                    .n(mean.pairs())));
    report.figure(CorrelationMap.figure(correlation, queries));
    InfluenceClaims.sharesProcedures(means).ifPresent(report::claim);
  }

  private Map<String, List<Integer>> byKind() {
    Map<String, List<Integer>> byKind = new TreeMap<>();
    for (int q = 0; q < kinds.size(); q++) {
      String kind = kinds.get(q).isEmpty() ? "query" : kinds.get(q);
      byKind.computeIfAbsent(kind, k -> new ArrayList<>()).add(q);
    }
    return byKind;
  }

  private void magnitudes() {
    List<List<Object>> rows = new ArrayList<>();
    byKind()
        .forEach(
            (kind, own) -> {
              for (double share : SHARES) {
                double[] sums =
                    own.stream().mapToDouble(q -> topSum(rankings.positive(q), share)).toArray();
                report.metric(
                    Metric.of("influence.positive", Means.of(sums))
                        .where("kind", kind)
                        .where("share", share)
                        .n(sums.length)
                        .unit("score per nat"));
                rows.add(List.of(kind, share, Means.of(sums), finite(deviation(sums))));
              }
              double[] slopes =
                  own.stream()
                      .map(rankings::positive)
                      .filter(positive -> positive.length >= 2)
                      .mapToDouble(InfluenceFindings::slope)
                      .toArray();
              report.metric(
                  Metric.of("power_law.slope", Means.of(slopes))
                      .where("kind", kind)
                      .n(slopes.length));
            });
    report.table(
        Table.of(
            "magnitude",
            "Summed scores per nat of the highest-ranked positive documents",
            List.of("kind", "share of positive documents", "mean", "standard deviation"),
            rows));
    report.figure(PowerLawPlot.figure(byKind(), rankings));
  }

  /** The standard deviation of a sample. */
  private static double deviation(double[] values) {
    double mean = Means.of(values);
    double sum = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    return Math.sqrt(sum / (values.length - 1));
  }

  private static Object finite(double value) {
    return Double.isFinite(value) ? value : "";
  }

  private static double topSum(double[] positive, double share) {
    int count = (int) Math.ceil(share * positive.length);
    double sum = 0;
    for (int rank = 0; rank < count; rank++) {
      sum += positive[rank];
    }
    return sum;
  }

  private static double slope(double[] positive) {
    int count = Math.min(POWER_LAW, Math.max(2, positive.length / 4));
    return PowerLawPlot.slope(Arrays.copyOf(positive, count));
  }

  private void sources() {
    List<String> sources = column(documents, "source");
    if (sources.stream().allMatch(String::isEmpty)) {
      sources = column(documents, "kind");
    }
    if (sources.stream().allMatch(String::isEmpty)) {
      return;
    }
    int top = Math.min(documents.size(), 10 * PlantedDocuments.top(documents.size()));
    List<String> labels = sources;
    List<List<Object>> rows = new ArrayList<>();
    byKind()
        .forEach(
            (kind, own) ->
                Multipliers.of(labels, rankings, own, top)
                    .forEach(
                        (source, multiplier) -> {
                          report.metric(
                              Metric.of("source.multiplier", multiplier)
                                  .where("kind", kind)
                                  .where("source", source)
                                  .where("top", top)
                                  .n(own.size()));
                          rows.add(List.of(kind, source, multiplier));
                        }));
    report.figure(SourcePlot.figure(rows, top));
  }
}
