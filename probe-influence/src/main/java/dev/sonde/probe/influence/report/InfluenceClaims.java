package dev.sonde.probe.influence.report;

import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.influence.check.Datamodeling;
import dev.sonde.probe.influence.check.DocumentChoice;
import dev.sonde.probe.influence.check.RemovalEffects;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.Interval;
import dev.sonde.statistics.SignFlips;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What is known of each question that the probe asks, made of scores, rankings and retrainings. */
public final class InfluenceClaims {
  private static final String WORDS = "BM25, which counts shared words";

  /** Patterns of signs that a paired difference is held against. */
  private static final int SIGN_PATTERNS = 4095;

  private final int draws;
  private final Function<String, RandomGenerator> random;

  /**
   * Claims of a run.
   *
   * @param draws of intervals
   * @param random numbers of a purpose
   */
  public InfluenceClaims(int draws, Function<String, RandomGenerator> random) {
    this.draws = draws;
    this.random = random;
  }

  /**
   * Whether planted documents are found, more often than by shared words, and than by documents
   * that stand high whatever is asked.
   *
   * @param documents how many there are
   * @param words the same documents by shared words; empty where they were not ranked
   */
  public ClaimEvidence finds(
      PlantedDocuments planted, Rankings rankings, int documents, Optional<Rankings> words) {
    double[] own = planted.hit(rankings);
    ClaimEvidence claim =
        ClaimEvidence.of(
                "finds_planted_documents",
                "Do the highest scores find the documents that teach what a query asks, more often than shared words do?")
            .above(
                "queries with such a document in the top %d of %d"
                    .formatted(planted.top(), documents),
                share(own),
                planted.chance(documents),
                "a ranking by chance")
            .testedByItsInterval();
    if (rankings.orders().size() > 1) {
      claim =
          beaten(
              claim,
              "what stands high for the other queries",
              own,
              planted.hit(rankings.ofOtherQueries()));
    }
    return words.isEmpty()
        ? claim.cannotTell("documents were not ranked by shared words", "the setting bm25")
        : beaten(claim, WORDS, own, planted.hit(words.get()));
  }

  private ClaimEvidence beaten(ClaimEvidence claim, String rival, double[] own, double[] other) {
    double[] apart = own.clone();
    Arrays.setAll(apart, query -> own[query] - other[query]);
    Estimate margin =
        new ClusterBootstrap(Groups.ofSingleRows(own.length), draws, random.apply("planted"))
            .mean(apart);
    return claim.rival(rival, share(other), figure("planted.hit", margin));
  }

  private static Metric share(double[] hits) {
    return figure(
        "planted.hit",
        new Estimate(
            Arrays.stream(hits).average().orElse(Double.NaN),
            Interval.ofShare((int) Arrays.stream(hits).sum(), hits.length)));
  }

  private static Metric figure(String name, Estimate estimate) {
    return Metric.of(name, estimate.value()).interval(estimate.low(), estimate.high());
  }

  /**
   * Queries of one procedure against different ones, and against their format controls; the margins
   * take the intervals for independent, which makes them wider, if anything.
   *
   * @param means by what pairs have in common; no claim where a kind is missing
   */
  public static Optional<ClaimEvidence> sharesProcedures(Map<String, QueryCorrelation.Mean> means) {
    Map<String, String> rivals = new LinkedHashMap<>();
    rivals.put(QueryCorrelation.CROSS_PROCEDURE, "questions of different procedures");
    rivals.put(QueryCorrelation.CONTROL, "questions of the same form");
    if (!means.keySet().containsAll(rivals.keySet())
        || !means.containsKey(QueryCorrelation.SAME_PROCEDURE)) {
      return Optional.empty();
    }
    Estimate same = mean(means, QueryCorrelation.SAME_PROCEDURE);
    ClaimEvidence claim =
        ClaimEvidence.of(
                "shares_procedures",
                "Do questions solved by one procedure owe their answers to the same documents, more than questions that only look alike?")
            .above("correlation of scores within a procedure", correlation(same), 0, "no relation")
            .testedByItsInterval();
    for (Map.Entry<String, String> rival : rivals.entrySet()) {
      Estimate other = mean(means, rival.getKey());
      claim =
          claim.rival(
              rival.getValue(),
              correlation(other),
              Metric.of("query.correlation", same.value() - other.value())
                  .interval(same.low() - other.high(), same.high() - other.low()));
    }
    return Optional.of(claim);
  }

  private static Estimate mean(Map<String, QueryCorrelation.Mean> means, String pair) {
    return Objects.requireNonNull(means.get(pair)).estimate();
  }

  private static Metric correlation(Estimate estimate) {
    return figure("query.correlation", estimate);
  }

  /**
   * Whether scores predict retrainings, and better than simpler scores do.
   *
   * @param strategy of the scores, in a word
   * @param own per query one number a document
   * @param plain the same without curvature; empty where they are those, or were not computed
   * @param words by shared words; empty where they were not computed
   */
  public ClaimEvidence predicts(
      Datamodeling datamodeling,
      String strategy,
      List<double[]> own,
      Optional<List<double[]>> plain,
      Optional<List<double[]>> words) {
    List<Integer> all = new ArrayList<>();
    for (int query = 0; query < own.size(); query++) {
      all.add(query);
    }
    ClaimEvidence claim =
        ClaimEvidence.of(
                "predicts_training_again",
                "Do the scores predict what training again on some of the documents gives, better than simpler scores do?")
            .above(
                "rank correlation with retrainings (%s)".formatted(strategy),
                figure("lds", datamodeling.score(own, all, draws, random.apply("lds"))),
                0,
                "no relation")
            .testedByItsInterval();
    if (plain.isPresent()) {
      claim = beside(claim, "gradients without curvature", datamodeling, own, plain.get(), all);
    }
    return words.isPresent()
        ? beside(claim, WORDS, datamodeling, own, words.get(), all)
        : claim.cannotTell("documents were not scored by shared words", "the setting bm25");
  }

  private ClaimEvidence beside(
      ClaimEvidence claim,
      String rival,
      Datamodeling datamodeling,
      List<double[]> own,
      List<double[]> other,
      List<Integer> all) {
    return claim.rival(
        rival,
        figure("lds", datamodeling.score(other, all, draws, random.apply("lds"))),
        figure("lds", datamodeling.difference(own, other, all, draws, random.apply("lds"))));
  }

  /** Whether completions lose more without what scores highest than without other documents. */
  public ClaimEvidence removal(RemovalEffects effects) {
    double[] own = Objects.requireNonNull(effects.byGroup().get(DocumentChoice.INFLUENCE));
    double[] atRandom = Objects.requireNonNull(effects.byGroup().get(DocumentChoice.RANDOM));
    double[] lost = own.clone();
    Arrays.setAll(lost, group -> atRandom[group] - own[group]);
    SignFlips test =
        SignFlips.of(
            lost,
            Groups.ofSingleRows(lost.length),
            SIGN_PATTERNS,
            random.apply("signs of removals"));
    return ClaimEvidence.of(
            "removal_lowers_likelihood",
            "Do completions become less likely without the documents of highest influence, more than without others?")
        .above("log-probability lost", lost(effects, DocumentChoice.INFLUENCE), 0, "nothing lost")
        .tested(
            "exchanged signs of groups of queries, against random documents",
            test.p(),
            1.0 / (1 + test.patterns()))
        .rival(
            "without random documents",
            lost(effects, DocumentChoice.RANDOM),
            lost(difference(effects, DocumentChoice.RANDOM)))
        .rival(
            "without documents that share words (BM25)",
            lost(effects, DocumentChoice.BM25),
            lost(difference(effects, DocumentChoice.BM25)));
  }

  /** By how much more completions gain without what scores highest than without others. */
  Estimate difference(RemovalEffects effects, DocumentChoice other) {
    return effects.difference(DocumentChoice.INFLUENCE, other, draws, random.apply("removals"));
  }

  private Metric lost(RemovalEffects effects, DocumentChoice removed) {
    return lost(effects.of(removed, draws, random.apply("removals")));
  }

  private static Metric lost(Estimate change) {
    return Metric.of("retrain.lost", -change.value())
        .interval(-change.high(), -change.low())
        .unit("nats");
  }
}
