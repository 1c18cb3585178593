package dev.sonde.traps;

import dev.sonde.api.report.Claim.Answer;
import dev.sonde.api.report.ClaimEvidence;
import dev.sonde.probe.influence.check.Datamodeling;
import dev.sonde.probe.influence.check.RemovalEffects;
import dev.sonde.probe.influence.report.InfluenceClaims;
import dev.sonde.probe.influence.report.PlantedDocuments;
import dev.sonde.probe.influence.report.QueryCorrelation;
import dev.sonde.probe.influence.score.Method;
import dev.sonde.probe.influence.score.Ranked;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.Correlation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** What scores of documents say: scores, and what training again gave, are planted. */
final class InfluenceKinds {
  private static final String FINDS = "finds_planted_documents";
  private static final String SHARES = "shares_procedures";
  private static final String PREDICTS = "predicts_training_again";
  private static final String REMOVAL = "removal_lowers_likelihood";
  private static final int DOCUMENTS = 400;
  private static final int DRAWS = 400;

  /** Documents at the top of which the taught ones are counted. */
  private static final int RECALLED = 2;

  private InfluenceKinds() {}

  static List<Kind> all() {
    List<Kind> kinds = new ArrayList<>(finds());
    kinds.addAll(shares());
    kinds.addAll(retrainings());
    kinds.addAll(removals());
    return kinds;
  }

  private interface Evidence {
    ClaimEvidence of(RandomGenerator random);
  }

  private static Kind.Draw judged(Evidence evidence) {
    return random -> Kind.Drawn.of(evidence.of(random).judged().answer());
  }

  private static InfluenceClaims claims(RandomGenerator random) {
    long seed = random.nextLong();
    return new InfluenceClaims(DRAWS, purpose -> Traps.random(purpose, seed));
  }

  private static List<double[]> noise(RandomGenerator random, int queries) {
    return IntStream.range(0, queries)
        .mapToObj(query -> Made.gaussians(random, DOCUMENTS))
        .toList();
  }

  /**
   * Queries with a document each that teaches what they ask.
   *
   * @param queries how many
   * @param own how far the taught document's score is raised
   * @param words the same of shared words
   * @param hub whether all queries have the same document, and scores do not depend on the query
   */
  private record Taught(int queries, double own, double words, boolean hub) {
    ClaimEvidence evidence(RandomGenerator random) {
      List<double[]> scores = noise(random, queries);
      List<double[]> shared = noise(random, queries);
      double[] whateverIsAsked = Made.gaussians(random, DOCUMENTS);
      Map<Integer, Set<Integer>> planted = new LinkedHashMap<>();
      for (int query = 0; query < queries; query++) {
        int document = hub ? 7 : random.nextInt(DOCUMENTS);
        planted.put(query, Set.of(document));
        if (hub) {
          double[] mine = scores.get(query);
          Arrays.setAll(mine, d -> whateverIsAsked[d] + 0.2 * mine[d]);
        }
        scores.get(query)[document] += own;
        shared.get(query)[document] += words;
      }
      return claims(random)
          .finds(
              new PlantedDocuments(planted, 2, RECALLED),
              rankings(scores),
              DOCUMENTS,
              Map.of("shared words", rankings(shared)));
    }
  }

  private static Rankings rankings(List<double[]> scores) {
    return new Rankings(Method.BM25, scores.stream().map(Ranked::of).toList(), new double[0][]);
  }

  private static List<Kind> finds() {
    return List.of(
        Kind.trap(
            "documents-noise",
            FINDS,
            "scores that say nothing",
            judged(random -> new Taught(40, 0, 0, false).evidence(random))),
        Kind.trap(
            "documents-noise-few",
            FINDS,
            "scores that say nothing, six queries",
            judged(random -> new Taught(6, 0, 0, false).evidence(random))),
        Kind.trap(
            "words-find-all",
            FINDS,
            "scores that find all documents; shared words find them as well",
            judged(random -> new Taught(40, 20, 20, false).evidence(random))),
        Kind.trap(
            "words-find-as-many",
            FINDS,
            "scores that find half of the documents; shared words find half as well",
            judged(random -> new Taught(40, 2.8, 2.8, false).evidence(random))),
        Kind.trap(
            "hub-document",
            FINDS,
            "scores with one document at the top whatever is asked, which is the taught one",
            judged(random -> new Taught(40, 6, 0, true).evidence(random))),
        Kind.effect(
            "documents-found",
            FINDS,
            "scores that find most documents; shared words find few",
            judged(random -> new Taught(40, 4, 1, false).evidence(random))),
        Kind.effect(
            "documents-found-beside-words",
            FINDS,
            "scores that find most documents; shared words find half",
            judged(random -> new Taught(60, 4.5, 2.5, false).evidence(random))));
  }

  /**
   * Questions of five procedures, four each, with format controls.
   *
   * @param common what all queries' scores have in common
   * @param procedure what those of one procedure have
   * @param form what a question and its controls have
   */
  private record Procedures(double common, double procedure, double form) {
    Answer answer(RandomGenerator random) {
      List<String> kinds = new ArrayList<>();
      List<String> relations = new ArrayList<>();
      List<double[]> scores = new ArrayList<>();
      double[] all = Made.gaussians(random, DOCUMENTS);
      for (int p = 0; p < 5; p++) {
        double[] ofProcedure = Made.gaussians(random, DOCUMENTS);
        double[] ofForm = Made.gaussians(random, DOCUMENTS);
        for (int query = 0; query < 8; query++) {
          boolean control = query >= 4;
          kinds.add(control ? "format_control" : "procedure");
          relations.add("p" + p);
          double[] own = Made.gaussians(random, DOCUMENTS);
          double sharedProcedure = control ? 0 : procedure;
          Arrays.setAll(
              own,
              d -> own[d] + common * all[d] + sharedProcedure * ofProcedure[d] + form * ofForm[d]);
          scores.add(own);
        }
      }
      return InfluenceClaims.sharesProcedures(
              new QueryCorrelation(kinds, relations, Correlation.pearson(scores))
                  .means(DRAWS, random))
          .map(evidence -> evidence.judged().answer())
          .orElse(Answer.NOT_TESTED);
    }

    Kind.Draw draw() {
      return random -> Kind.Drawn.of(answer(random));
    }
  }

  private static List<Kind> shares() {
    return List.of(
        Kind.trap(
            "procedures-noise", SHARES, "scores that say nothing", new Procedures(0, 0, 0).draw()),
        Kind.trap(
            "procedures-hubs",
            SHARES,
            "scores that all queries share",
            new Procedures(1, 0, 0).draw()),
        Kind.trap(
            "procedures-form",
            SHARES,
            "scores that questions of one form share, controls too",
            new Procedures(0.3, 0, 1).draw()),
        Kind.effect(
            "procedures-shared",
            SHARES,
            "scores that questions of one procedure share",
            new Procedures(0.3, 1, 0.2).draw()));
  }

  /**
   * Trainings on random halves of the documents.
   *
   * @param subsets how many halves
   * @param own how much of what training gives the scores hold, in deviations of their noise
   * @param words the same of shared words
   * @param common how much noise of scores all queries share, beside one of their own
   */
  private record Halves(int subsets, double own, double words, double common) {
    private static final int QUERIES = 12;

    ClaimEvidence evidence(RandomGenerator random) {
      double[] ofHalves = Made.gaussians(random, subsets);
      double[][] gave = new double[QUERIES][];
      for (int query = 0; query < QUERIES; query++) {
        gave[query] = Made.sum(1, Made.gaussians(random, subsets), 1, ofHalves);
      }
      Datamodeling datamodeling = new Datamodeling(new double[][][] {gave}, DRAWS, random);
      return InfluenceClaims.predicts(
          datamodeling,
          IntStream.range(0, QUERIES).boxed().toList(),
          "scores",
          datamodeling.predicted(sums(gave, own, random)),
          Map.of("shared words", datamodeling.predicted(sums(gave, words, random))));
    }

    private double[][] sums(double[][] gave, double held, RandomGenerator random) {
      double[] shared = Made.gaussians(random, subsets);
      double[][] sums = new double[QUERIES][];
      for (int query = 0; query < QUERIES; query++) {
        double[] noise = Made.sum(common, shared, 1, Made.gaussians(random, subsets));
        sums[query] = Made.sum(held, gave[query], 1, noise);
      }
      return sums;
    }
  }

  private static List<Kind> retrainings() {
    return List.of(
        Kind.trap(
            "retraining-noise",
            PREDICTS,
            "scores that say nothing, 40 halves",
            judged(random -> new Halves(40, 0, 0, 0).evidence(random))),
        Kind.trap(
            "retraining-noise-hubs",
            PREDICTS,
            "scores that say nothing and that all queries share, 40 halves",
            judged(random -> new Halves(40, 0, 0, 2).evidence(random))),
        Kind.trap(
            "retraining-noise-few",
            PREDICTS,
            "scores that say nothing and that all queries share, eight halves",
            judged(random -> new Halves(8, 0, 0, 2).evidence(random))),
        Kind.trap(
            "retraining-by-words",
            PREDICTS,
            "scores that predict training again, no better than shared words",
            judged(random -> new Halves(40, 0.7, 0.7, 0.5).evidence(random))),
        Kind.effect(
            "retraining-predicted",
            PREDICTS,
            "scores that predict training again; shared words do not",
            judged(random -> new Halves(40, 0.7, 0, 0).evidence(random))),
        Kind.effect(
            "retraining-predicted-beside-words",
            PREDICTS,
            "scores that predict training again, better than shared words do",
            judged(random -> new Halves(40, 1.2, 0.3, 0.3).evidence(random))));
  }

  /**
   * Documents removed, group by group.
   *
   * @param groups how many
   * @param own nats lost without those of highest influence, and without others
   */
  private record Removed(int groups, double own, double words, double random) {
    ClaimEvidence evidence(RandomGenerator numbers) {
      double[] ofGroups = Made.gaussians(numbers, groups);
      return claims(numbers)
          .removal(
              REMOVAL,
              "fact",
              change(own, ofGroups, numbers),
              change(random, ofGroups, numbers),
              Optional.of(change(words, ofGroups, numbers)));
    }

    private static RemovalEffects change(double lost, double[] ofGroups, RandomGenerator random) {
      double[] change = new double[ofGroups.length];
      Arrays.setAll(change, group -> -lost + 0.3 * ofGroups[group] + 0.3 * random.nextGaussian());
      return new RemovalEffects(change, change);
    }
  }

  private static List<Kind> removals() {
    return List.of(
        Kind.trap(
            "removal-of-nothing",
            REMOVAL,
            "removals that change nothing",
            judged(random -> new Removed(8, 0, 0, 0).evidence(random))),
        Kind.trap(
            "removal-of-any",
            REMOVAL,
            "removals of any documents, which lower the likelihood alike",
            judged(random -> new Removed(8, 1, 1, 1).evidence(random))),
        Kind.trap(
            "removal-by-words",
            REMOVAL,
            "removals of what shares words, which lower it as much",
            judged(random -> new Removed(10, 1, 1, 0).evidence(random))),
        Kind.trap(
            "removal-few-groups",
            REMOVAL,
            "removals that change nothing, four groups",
            judged(random -> new Removed(4, 0, 0, 0).evidence(random))),
        Kind.effect(
            "removal-tells",
            REMOVAL,
            "removals that lower the likelihood more than others do",
            judged(random -> new Removed(10, 1.5, 0.5, 0.1).evidence(random))));
  }
}
