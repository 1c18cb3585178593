package dev.sonde.probe.influence.report;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.check.Datamodeling;
import dev.sonde.probe.influence.check.DocumentChoice;
import dev.sonde.probe.influence.check.DocumentRemoval;
import dev.sonde.probe.influence.check.RemovalEffects;
import dev.sonde.probe.influence.check.RetrainingSettings.Removals;
import dev.sonde.probe.influence.check.Retrainings;
import dev.sonde.probe.influence.curvature.Strategy;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.InfluenceScores;
import dev.sonde.probe.influence.score.Normalisation;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.probe.influence.score.ScoringVariant;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What scores predicted against what training again did. */
public final class RetrainingFindings {
  private static final List<DocumentChoice> COMPARED =
      List.of(DocumentChoice.INFLUENCE, DocumentChoice.BM25, DocumentChoice.RANDOM);

  private final ProbeContext context;
  private final Report report;
  private final ScoredDocuments scored;
  private final ReportSettings settings;
  private final Removals removals;
  private final List<TokenizedText> queries;
  private final Retrainings retrainings;
  private final Rankings rankings;
  private final InfluenceClaims claims;

  /**
   * Of some scores and retrainings, as a section of a report.
   *
   * @param removals what was removed in these retrainings
   */
  public RetrainingFindings(
      ProbeContext context,
      ScoredDocuments scored,
      ReportSettings settings,
      Removals removals,
      Retrainings retrainings) {
    this.context = context;
    this.report = context.report();
    this.scored = scored;
    this.settings = settings;
    this.removals = removals;
    this.queries = scored.queries();
    this.rankings = scored.rankings();
    this.claims = new InfluenceClaims(context.bootstrapDraws(), context::random);
    this.retrainings = retrainings;
  }

  /** Reports them, as far as the retrainings allow. */
  public void report() {
    Datamodeling datamodeling = Datamodeling.of(retrainings);
    if (datamodeling.suffices()) {
      subsets(datamodeling);
    }
    List<List<Integer>> groups = DocumentRemoval.groups(queries, removals);
    if (!isOfThese(groups)) {
      report.note(
          "The documents that were removed in these retrainings are not those that this run ranks highest (other strategies, damping, linears, normalise, or groups): retrain.effect is left out.");
      return;
    }
    RemovalEffects effects = RemovalEffects.of(retrainings, groups);
    if (effects.byGroup().keySet().containsAll(COMPARED)) {
      removals(effects);
    }
  }

  /** Whether exactly the documents were removed that this run would remove. */
  private boolean isOfThese(List<List<Integer>> groups) {
    return DocumentRemoval.isOf(retrainings, DocumentChoice.INFLUENCE, rankings, groups, removals)
        && DocumentRemoval.isOf(
            retrainings, DocumentChoice.BM25, scored.rankingsByWords(), groups, removals);
  }

  private void subsets(Datamodeling datamodeling) {
    Map<String, List<Integer>> kinds = new LinkedHashMap<>();
    List<Integer> all = IntStream.range(0, queries.size()).boxed().toList();
    kinds.put("all", all);
    all.forEach(q -> kinds.computeIfAbsent(queries.get(q).kind(), k -> new ArrayList<>()).add(q));
    List<List<Object>> rows = new ArrayList<>();
    predictors()
        .forEach(
            (where, scores) -> {
              List<double[]> own = scores.get();
              kinds.forEach(
                  (kind, some) -> {
                    if (!kind.isEmpty()) {
                      Estimate score = score(datamodeling, own, some);
                      report.metric(metric(where, kind, score).n(some.size()));
                      rows.add(row(where, kind, score, some.size()));
                    }
                  });
            });
    report.table(
        Table.of(
            "lds",
            "Linear datamodeling score over %d random halves of the documents: rank correlation of"
                    .formatted(datamodeling.subsets().size())
                + " summed scores with the log-probability after training on a half",
            List.of("scores", "queries", "lds", "lower", "upper", "count"),
            rows));
    report.figure(CheckPlots.subsets(rows));
    report.claim(predicts(datamodeling));
  }

  /** Whether scores predict, and better than words and than gradients without curvature do. */
  private ClaimEvidence predicts(Datamodeling datamodeling) {
    Strategy first = scored.settings().variants().getFirst().strategy();
    Optional<List<double[]>> plain =
        IntStream.range(1, scored.scores().size())
            .filter(v -> first != Strategy.IDENTITY)
            .filter(v -> scored.settings().variants().get(v).strategy() == Strategy.IDENTITY)
            .mapToObj(v -> perNat(scored.scores().get(v)))
            .findFirst();
    return claims.predicts(
        datamodeling,
        first.word(),
        perNat(scored.first()),
        plain,
        settings.bm25() ? Optional.of(scored.rankingsByWords().scores()) : Optional.empty());
  }

  private Estimate score(Datamodeling datamodeling, List<double[]> scores, List<Integer> queries) {
    return datamodeling.score(scores, queries, context.bootstrapDraws(), context.random("lds"));
  }

  /** A way to predict; empty where it is the metric's usual one. */
  private record Where(String strategy, String compared) {
    String words() {
      return compared.isEmpty() ? strategy : compared;
    }
  }

  private Map<Where, Supplier<List<double[]>>> predictors() {
    Map<Where, Supplier<List<double[]>>> predictors = new LinkedHashMap<>();
    double usual = scored.settings().variants().getFirst().damping();
    for (int v = 0; v < scored.scores().size(); v++) {
      InfluenceScores table = scored.scores().get(v);
      ScoringVariant variant = scored.settings().variants().get(v);
      String strategy = variant.strategy().word();
      String compared =
          variant.damping() == usual ? "" : "%s, damping %s".formatted(strategy, variant.damping());
      predictors.put(new Where(strategy, compared), () -> perNat(table));
    }
    if (settings.bm25()) {
      predictors.put(new Where("", "bm25"), () -> scored.rankingsByWords().scores());
    }
    return predictors;
  }

  private static List<double[]> perNat(InfluenceScores table) {
    return IntStream.range(0, table.queries())
        .mapToObj(query -> table.perNat(query, Normalisation.NONE))
        .toList();
  }

  private static Metric metric(Where where, String kind, Estimate score) {
    Metric metric =
        where.compared().isEmpty()
            ? Metric.of("lds", score.value()).where("strategy", where.strategy())
            : Metric.of("lds.compared", score.value()).where("scores", where.compared());
    Metric whole = metric.interval(score.low(), score.high());
    return kind.equals("all") ? whole : whole.where("kind", kind);
  }

  private static List<Object> row(Where where, String kind, Estimate score, int queries) {
    return List.of(where.words(), kind, score.value(), score.low(), score.high(), queries);
  }

  private void removals(RemovalEffects effects) {
    List<List<Object>> rows = new ArrayList<>();
    List<List<Object>> single = new ArrayList<>();
    effects
        .byGroup()
        .forEach(
            (choice, byGroup) -> {
              Estimate effect =
                  effects.of(choice, context.bootstrapDraws(), context.random("removals"));
              report.metric(
                  Metric.of("retrain.effect", effect.value())
                      .where("removed", choice.word())
                      .interval(effect.low(), effect.high())
                      .n(byGroup.length)
                      .unit("nats"));
              rows.add(List.of(choice.word(), effect.value(), effect.low(), effect.high()));
              for (int group = 0; group < byGroup.length; group++) {
                single.add(List.of(choice.word(), group + 1, byGroup[group]));
              }
            });
    int removed = removals.documents();
    report.table(
        Table.of(
            "removals",
            "Change of log P of a group's completions when %d documents for each of its queries"
                    .formatted(removed)
                + " are left out of training, in nats",
            List.of("removed", "change", "lower", "upper"),
            rows));
    report.figure(CheckPlots.removals(single));
    claim(effects);
  }

  private void claim(RemovalEffects effects) {
    for (DocumentChoice other : List.of(DocumentChoice.RANDOM, DocumentChoice.BM25)) {
      report.metric(apart(claims.difference(effects, other), other));
    }
    report.claim(claims.removal(effects));
  }

  private static Metric apart(Estimate effect, DocumentChoice other) {
    return Metric.of("retrain.difference", effect.value())
        .where("removed", DocumentChoice.INFLUENCE.word())
        .where("from", other.word())
        .interval(effect.low(), effect.high())
        .unit("nats");
  }
}
