package dev.sonde.probe.influence.report;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Report;
import dev.sonde.api.report.Table;
import dev.sonde.probe.influence.check.DocumentRemoval;
import dev.sonde.probe.influence.check.DocumentRemoval.Group;
import dev.sonde.probe.influence.check.RemovalBank;
import dev.sonde.probe.influence.check.RemovalEffects;
import dev.sonde.probe.influence.check.RetrainingSettings.Removals;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Method;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.probe.influence.score.ScoredDocuments;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What training without the documents that methods rank highest makes of completions. An effect is
 * taken from a training that left out exactly these documents, whoever asked for it.
 */
final class RemovalFindings {
  private static final String INFLUENCE = "influence";
  private static final String BM25 = "bm25";
  private static final String RANDOM = "random";

  private final ProbeContext context;
  private final Report report;
  private final ScoredDocuments scored;
  private final Removals removals;
  private final RemovalBank bank;
  private final InfluenceClaims claims;
  private final List<List<Object>> rows = new ArrayList<>();
  private final List<List<Object>> points = new ArrayList<>();

  RemovalFindings(
      ProbeContext context, ScoredDocuments scored, Removals removals, RemovalBank bank) {
    this.context = context;
    this.report = context.report();
    this.scored = scored;
    this.removals = removals;
    this.bank = bank;
    this.claims = new InfluenceClaims(context.bootstrapDraws(), context::random);
  }

  void report() {
    Map<String, List<Group>> byKind =
        DocumentRemoval.groups(scored.queries(), removals).stream()
            .collect(Collectors.groupingBy(Group::kind, LinkedHashMap::new, Collectors.toList()));
    List<String> left = new ArrayList<>();
    byKind.forEach(
        (kind, groups) -> {
          Map<String, RemovalEffects> effects = effects(groups);
          effects.forEach((removed, effect) -> tell(kind, removed, effect));
          if (effects.containsKey(INFLUENCE)) {
            differences(kind, effects);
          } else {
            left.add(kind);
          }
        });
    if (!rows.isEmpty()) {
      report.table(
          Table.of(
              "removals",
              "Change of log P of a group's completions when %d documents for each of its queries are left out of training, in nats, and in nats a token"
                  .formatted(removals.documents()),
              List.of("removed", "kind", "change", "lower", "upper", "per token"),
              rows));
      report.figure(CheckPlots.removals(points));
    }
    if (!left.isEmpty()) {
      report.note(
          "No training left out exactly the documents that %s ranks highest for queries of kind %s: their retrain.effect is left out. With retrain_from, what is missing is trained."
              .formatted(scored.rankings().method().words(), String.join(", ", left)));
    }
  }

  /** By what was removed; methods beside the reported one by their words. */
  private Map<String, RemovalEffects> effects(List<Group> groups) {
    Map<String, RemovalEffects> effects = new LinkedHashMap<>();
    put(effects, INFLUENCE, groups, by(scored.rankings()));
    put(effects, "bottom", groups, by(scored.scores().bottom()));
    scored.words().ifPresent(words -> put(effects, BM25, groups, by(words)));
    int count = removals.documents() * removals.queries();
    put(effects, RANDOM, groups, group -> bank.changesAtRandom(count));
    Method reported = scored.rankings().method();
    scored.all().stream()
        .filter(other -> !other.method().equals(reported) && !other.method().equals(Method.BM25))
        .forEach(other -> put(effects, other.method().words(), groups, by(other)));
    return effects;
  }

  private Function<Group, Optional<double[]>> by(Rankings rankings) {
    int documents = scored.documents().size();
    return group -> bank.changes(DocumentRemoval.kept(rankings, group, documents, removals));
  }

  private void put(
      Map<String, RemovalEffects> effects,
      String removed,
      List<Group> groups,
      Function<Group, Optional<double[]>> changes) {
    int[] tokens = scored.queries().stream().mapToInt(TokenizedText::predicted).toArray();
    RemovalEffects.of(groups, changes, tokens).ifPresent(own -> effects.put(removed, own));
  }

  private void tell(String kind, String removed, RemovalEffects effect) {
    Estimate nats = effect.mean(context.bootstrapDraws(), context.random("removals"));
    Estimate perToken = effect.meanPerToken(context.bootstrapDraws(), context.random("removals"));
    int groups = effect.byGroup().length;
    report.metric(metric("retrain.effect", kind, nats).where("removed", removed).n(groups));
    report.metric(
        metric("retrain.effect_per_token", kind, perToken).where("removed", removed).n(groups));
    rows.add(List.of(removed, kind, nats.value(), nats.low(), nats.high(), perToken.value()));
    for (int group = 0; group < groups; group++) {
      points.add(List.of(removed, kind, group + 1, effect.byGroup()[group]));
    }
  }

  private static Metric metric(String name, String kind, Estimate estimate) {
    return Metric.of(name, estimate.value())
        .where("kind", kind)
        .interval(estimate.low(), estimate.high())
        .unit("nats");
  }

  private void differences(String kind, Map<String, RemovalEffects> effects) {
    RemovalEffects own =
        effects.getOrDefault(INFLUENCE, new RemovalEffects(new double[0], new double[0]));
    effects.forEach(
        (removed, other) -> {
          if (!removed.equals(INFLUENCE)) {
            report.metric(
                metric("retrain.difference", kind, claims.difference(own, other))
                    .where("removed", INFLUENCE)
                    .where("from", removed));
          }
        });
    RemovalEffects random = effects.get(RANDOM);
    if (random != null) {
      report.claim(
          claims.removal(name(kind), kind, own, random, Optional.ofNullable(effects.get(BM25))));
    }
  }

  /** The first kind has the claim's plain name. */
  private String name(String kind) {
    String plain = "removal_lowers_likelihood";
    boolean isFirst = kind.equals(removals.kinds().getFirst());
    return isFirst ? plain : plain + "_" + kind.toLowerCase(Locale.ROOT).replaceAll("\\W+", "_");
  }
}
