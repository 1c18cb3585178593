package dev.sonde.probe.influence.report;

import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.api.report.Metric;
import dev.sonde.probe.influence.check.Datamodeling;
import dev.sonde.probe.influence.check.Datamodeling.Predicted;
import dev.sonde.probe.influence.check.RemovalEffects;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.Estimate;
import dev.sonde.statistics.GroupJackknife;
import dev.sonde.statistics.Groups;
import dev.sonde.statistics.SignFlips;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** What is known of questions that are put to rankings and to trainings without documents. */
public final class InfluenceClaims {
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
   * Whether planted documents are found, and more of them than simpler rankings find, and than
   * stand high for the other queries as well.
   *
   * @param all how many documents there are
   * @param rivals simpler rankings, by what they are
   */
  public ClaimEvidence finds(
      PlantedDocuments planted, Rankings rankings, int all, Map<String, Rankings> rivals) {
    double[] recall = planted.recall(rankings);
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
    for (Map.Entry<String, Rankings> rival : rivals.entrySet()) {
      claim = beaten(claim, rival.getKey(), recall, planted.recall(rival.getValue()));
    }
    return beaten(
        claim, "documents at the top of other queries", recall, planted.recallOfHubs(rankings));
  }

  private ClaimEvidence beaten(ClaimEvidence claim, String rival, double[] own, double[] other) {
    return claim.rival(rival, recall(other), difference("planted.recall", own, other));
  }

  /** The mean share over queries; at 1 and 0 its interval is no point. */
  Metric recall(double[] shares) {
    Estimate mean =
        queries(shares.length).bounded(weights -> mean(shares, weights), 0, 1, shares.length);
    return figure("planted.recall", mean).unit("share");
  }

  /** By how much more one recalls than another, query by query. */
  Metric difference(String name, double[] own, double[] other) {
    Estimate apart =
        queries(own.length)
            .differenceOfShares(
                weights -> mean(own, weights), weights -> mean(other, weights), own.length);
    return figure(name, apart).unit("share");
  }

  private GroupJackknife queries(int count) {
    return new GroupJackknife(Groups.ofSingleRows(count), random.apply("planted"));
  }

  private static double mean(double[] shares, double[] weights) {
    double sum = 0;
    double all = 0;
    for (int query = 0; query < shares.length; query++) {
      sum += weights[query] * shares[query];
      all += weights[query];
    }
    return sum / all;
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
   * Whether scores predict training again, and better than simpler ones do.
   *
   * @param queries which
   * @param method whose scores, in words
   * @param rivals what simpler scores predict, by what they are
   */
  public static ClaimEvidence predicts(
      Datamodeling datamodeling,
      List<Integer> queries,
      String method,
      Predicted own,
      Map<String, Predicted> rivals) {
    ClaimEvidence claim =
        ClaimEvidence.of(
                "predicts_training_again",
                "Do the scores predict what training again on some of the documents gives, better than simpler scores do?")
            .above(
                "rank correlation with retrainings (%s)".formatted(method),
                figure("lds", datamodeling.score(own, queries)),
                0,
                "no relation")
            .testedByItsInterval();
    for (Map.Entry<String, Predicted> rival : rivals.entrySet()) {
      claim =
          claim.rival(
              rival.getKey(),
              figure("lds", datamodeling.score(rival.getValue(), queries)),
              figure("lds", datamodeling.difference(own, rival.getValue(), queries)));
    }
    return claim;
  }

  static Metric figure(String name, Estimate estimate) {
    return Metric.of(name, estimate.value()).interval(estimate.low(), estimate.high());
  }

  /**
   * Whether completions lose more without what scores highest than without other documents.
   *
   * @param name of the claim
   * @param kind of the queries
   * @param words what was removed by shared words; empty where nothing was
   */
  public ClaimEvidence removal(
      String name,
      String kind,
      RemovalEffects own,
      RemovalEffects atRandom,
      Optional<RemovalEffects> words) {
    double[] lost = atRandom.lessThan(own);
    SignFlips test =
        SignFlips.of(
            lost,
            Groups.ofSingleRows(lost.length),
            SIGN_PATTERNS,
            random.apply("signs of removals"));
    ClaimEvidence claim =
        ClaimEvidence.of(
                name,
                "Do completions of kind %s become less likely without the documents of highest influence, more than without others?"
                    .formatted(kind))
            .above("log-probability lost", lost(own), 0, "nothing lost")
            .tested(
                "exchanged signs of groups of queries, against random documents",
                test.p(),
                1.0 / (1 + test.patterns()))
            .rival("without random documents", lost(atRandom), lost(difference(own, atRandom)));
    return words.isEmpty()
        ? claim
        : claim.rival(
            "without documents that share words (BM25)",
            lost(words.get()),
            lost(difference(own, words.get())));
  }

  /** By how much more completions gain without one choice of documents than without another. */
  Estimate difference(RemovalEffects own, RemovalEffects other) {
    return RemovalEffects.mean(own.lessThan(other), draws, random.apply("removals"));
  }

  private Metric lost(RemovalEffects effects) {
    return lost(effects.mean(draws, random.apply("removals")));
  }

  private static Metric lost(Estimate change) {
    return Metric.of("retrain.lost", -change.value())
        .interval(-change.high(), -change.low())
        .unit("nats");
  }
}
