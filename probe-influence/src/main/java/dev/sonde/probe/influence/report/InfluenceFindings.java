package dev.sonde.probe.influence.report;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.InfluenceScores;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.probe.influence.score.ScoringVariant;
import dev.sonde.statistics.Correlation;
import dev.sonde.statistics.Means;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** What the scores amount to: figures of merit, tables, plots, and the verdict. */
public final class InfluenceFindings {
  /** Shares of the positive documents whose scores are summed. */
  private static final double[] SHARES = {0.01, 0.05, 0.2, 1};

  /** Most documents that the power law is fitted on (Ruis et al. 2025, figure 5). */
  private static final int POWER_LAW = 500;

  /** A rank correlation from which on the size of scores is said to follow nats. */
  private static final double FOLLOWS = 0.5;

  private final ProbeContext context;
  private final Report report;
  private final ScoredDocuments scored;
  private final ReportSettings settings;
  private final List<TokenizedText> queries;
  private final List<TokenizedText> documents;
  private final Rankings rankings;
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
    this.kinds = column(queries, "kind");
    this.relations = column(queries, "relation");
  }

  private static List<String> column(List<TokenizedText> items, String name) {
    return items.stream()
        .map(item -> item.example().has(name) ? item.example().text(name) : "")
        .toList();
  }

  /** Reports them. */
  public void report() {
    report.question(
        "Which training documents make the model's completions as likely as they are, and do the scores really tell?");
    new PlantedFindings(context, scored).report();
    correlations();
    magnitudes();
    contents();
    new ScoreBreakdown(scored.scores(), scored.linears(), documents)
        .report(report, byKind(), settings.top());
    sources();
    refinements();
    Hubs.report(report, scored);
  }

  private void contents() {
    Map<String, Rankings> by = new LinkedHashMap<>();
    by.put("influence", rankings);
    scored.words().ifPresent(words -> by.put("bm25", words));
    new Contents(queries, documents, PlantedDocuments.top(documents.size()))
        .report(report, byKind(), by);
  }

  private void correlations() {
    if (queries.size() < 2) {
      report.note("One query alone has no correlation with others.");
      return;
    }
    if (documents.size() < 2) {
      report.note("Over one document alone queries have no correlation.");
      return;
    }
    QueryCorrelation correlation =
        new QueryCorrelation(kinds, relations, scored.scores().correlation());
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

  /** How far conjugate gradients came. */
  private void refinements() {
    double[][] residuals = scored.scores().residuals();
    for (int v = 0; v < residuals.length; v++) {
      ScoringVariant variant = scored.settings().variants().get(v);
      if (variant.strategy() == Strategy.EKFAC_CG) {
        double left = Means.of(residuals[v]);
        report.metric(
            Metric.of("cg.residual", left)
                .where("damping", variant.damping())
                .where("iterations", scored.settings().iterations())
                .n(residuals[v].length)
                .unit("share"));
        if (left > scored.settings().tolerance()) {
          report.note(
              String.format(
                  Locale.ROOT,
                  "Conjugate gradients did not come to an end in %d products (damping %s): the residual is still %.3g of the query's gradient. Scores of ekfac_cg lie between those of EK-FAC and the solution; more cg_iterations or damping bring them nearer.",
                  scored.settings().iterations(),
                  variant.damping(),
                  left));
        }
      }
    }
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
    InfluenceScores scores = scored.scores();
    List<List<Object>> rows = new ArrayList<>();
    byKind()
        .forEach(
            (kind, own) -> {
              for (double share : SHARES) {
                double[] up = own.stream().mapToDouble(q -> scores.positiveSum(q, share)).toArray();
                double[] down =
                    own.stream().mapToDouble(q -> scores.negativeSum(q, share)).toArray();
                report.metric(sum("influence.positive", up, kind, share));
                report.metric(sum("influence.negative", down, kind, share));
                rows.add(
                    List.of(
                        kind,
                        share,
                        Means.of(up),
                        finite(deviation(up)),
                        Means.of(down),
                        finite(deviation(down))));
              }
              double[] slopes =
                  own.stream()
                      .filter(q -> rankings.of(q).positive().length >= 2)
                      .mapToDouble(this::slope)
                      .toArray();
              report.metric(
                  Metric.of("power_law.slope", Means.of(slopes))
                      .where("kind", kind)
                      .n(slopes.length));
              double[] nats = own.stream().mapToDouble(q -> scores.units().nats()[q]).toArray();
              report.metric(
                  Metric.of("query.nats", Means.of(nats))
                      .where("kind", kind)
                      .n(nats.length)
                      .unit("nats"));
            });
    report.table(
        Table.of(
            "magnitude",
            "Summed scores of the highest-ranked positive documents and of the lowest negative ones, by the nats of the completion and divided by %d training documents"
                .formatted(scores.units().training()),
            List.of(
                "kind",
                "share of documents",
                "positive",
                "deviation",
                "negative",
                "deviation of negative"),
            rows));
    followsNats(scores);
    report.figure(PowerLawPlot.figure(byKind(), rankings));
  }

  private static Metric sum(String name, double[] sums, String kind, double share) {
    return Metric.of(name, Means.of(sums))
        .where("kind", kind)
        .where("share", share)
        .n(sums.length)
        .unit("score per nat");
  }

  /** Whether queries of few nats have large scores: kinds are then not compared by size. */
  private void followsNats(InfluenceScores scores) {
    int count = queries.size();
    double[] sums = IntStream.range(0, count).mapToDouble(q -> scores.positiveSum(q, 1)).toArray();
    double r = Correlation.spearman(sums, scores.units().nats());
    if (Double.isFinite(r)) {
      report.metric(Metric.of("influence.follows_nats", r).n(count));
      if (Math.abs(r) > FOLLOWS) {
        report.note(
            String.format(
                Locale.ROOT,
                "The size of a query's scores follows the nats of its completion (rank correlation %.2f, influence.follows_nats): a kind of larger scores may be one of other nats (query.nats).",
                r));
      }
    }
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

  private double slope(int query) {
    double[] positive = rankings.of(query).positive();
    long count = Math.min(POWER_LAW, Math.max(2, scored.scores().positive(query) / 4));
    return PowerLawPlot.slope(Arrays.copyOf(positive, (int) Math.min(count, positive.length)));
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
