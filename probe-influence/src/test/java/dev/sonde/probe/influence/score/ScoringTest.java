package dev.sonde.probe.influence.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.SondeException;
import dev.sonde.api.config.Config;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.probe.influence.InfluencePlugin;
import dev.sonde.probe.influence.curvature.CurvatureFit;
import dev.sonde.probe.influence.curvature.FitSettings;
import dev.sonde.probe.influence.curvature.FitTask;
import dev.sonde.probe.influence.curvature.Made;
import dev.sonde.probe.influence.read.FloatMatrices;
import dev.sonde.probe.influence.read.Gradients;
import dev.sonde.probe.influence.read.LossLabels;
import dev.sonde.probe.influence.read.MadeUpContext;
import dev.sonde.probe.influence.read.MadeUpModel;
import dev.sonde.probe.influence.read.Row;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.statistics.Correlation;
import dev.sonde.testkit.SettingsConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Scores do not depend on how the work is divided; float32 sums in another order differ by 1e-5.
 */
class ScoringTest {
  private static final List<TokenizedText> DOCUMENTS = items("document", 40);
  private static final List<TokenizedText> QUERIES = items("query", 6);

  private final MadeUpModel model = new MadeUpModel();

  private static List<TokenizedText> items(String name, int count) {
    Random random = new Random(name.hashCode());
    return IntStream.range(0, count)
        .mapToObj(i -> item(name + i, random.ints(3 + i % 5, 0, 20).toArray()))
        .toList();
  }

  private static TokenizedText item(String id, int... tokens) {
    return new TokenizedText(Row.of(id), id, tokens, 1);
  }

  @Test
  void batchesShardsAndPartitionsDoNotChangeScores() {
    double[] whole = scores(4096, Map.of("strategies", List.of("ekfac", "diagonal", "kfac")));
    double[] divided =
        scores(
            7,
            Map.of(
                "strategies", List.of("ekfac", "diagonal", "kfac"), "partitions", 3, "shard", 11));
    assertThat(divided).hasSameSizeAs(whole);
    double largest = Arrays.stream(whole).map(Math::abs).max().orElseThrow();
    for (int i = 0; i < whole.length; i++) {
      assertThat(divided[i]).isCloseTo(whole[i], within(1e-5 * largest));
    }
  }

  @Test
  void queriesHeldInTurnScoreAsQueriesHeldTogether() {
    Demand all = demand(settings(Map.of()));
    Demand few = taking(all, all.limit() / 4, all.limit() / 4);
    assertThat(few.queriesAtOnce()).isLessThan(QUERIES.size());
    assertThat(scores(4096, Map.of(), few))
        .containsExactly(scores(4096, Map.of(), all), within(1e-4));
  }

  private static Demand taking(Demand demand, long whole, long held) {
    return new Demand(
        demand.linears(),
        demand.factors(),
        whole,
        held,
        demand.perToken(),
        demand.tokensAtOnce(),
        demand.queries(),
        demand.scores(),
        demand.full(),
        0,
        0,
        demand.limit());
  }

  @Test
  void queriesThatAreReducedInTurnScoreAsQueriesReducedTogether() {
    Map<String, Object> given = Map.of("query_rank", 2);
    Demand all = demand(settings(given));
    Demand few = taking(all, all.limit() / 4, all.held());
    assertThat(few.queriesFormedAtOnce()).isLessThan(few.queriesAtOnce());
    assertThat(few.queriesAtOnce()).isEqualTo(QUERIES.size());
    assertThat(scores(4096, given, few)).containsExactly(scores(4096, given, all), within(1e-4));
  }

  @Test
  void queriesOfFullRankScoreAsWholeOnesAndThoseOfRankOneDoNot() {
    double[] whole = scores(4096, Map.of());
    double[] fullRank = scores(4096, Map.of("query_rank", 4));
    double[] rankOne = scores(4096, Map.of("query_rank", 1));
    double largest = Arrays.stream(whole).map(Math::abs).max().orElseThrow();
    assertThat(fullRank).containsExactly(whole, within(1e-4 * largest));
    assertThat(Correlation.pearson(rankOne, whole)).isBetween(0.5, 0.99);
  }

  @Test
  void tokensOfADocumentAddUpToItsScore() {
    Demand demand = demand(settings(Map.of()));
    double[] scores = scores(4096, Map.of());
    List<double[]> marks =
        new Trial(Map.of(), demand, 4096, QUERIES).marks(2, IntStream.range(0, 9).toArray());
    for (int d = 0; d < 9; d++) {
      assertThat(Arrays.stream(marks.get(d)).sum())
          .isCloseTo(scores[2 * DOCUMENTS.size() + d], within(1e-3));
    }
  }

  @Test
  void whatIsKeptOfAnInterruptedRunIsNotComputedAgain() {
    Map<String, Object> given = Map.of("shard", 11);
    Map<String, Artifact> kept = new TreeMap<>();
    Trial trial = new Trial(given, demand(settings(given)), 4096, QUERIES);
    double[] first = cells(trial.score(kept));
    int passes = model.passes();
    kept.remove("scores/queries-0-documents-11");
    assertThat(cells(trial.score(kept))).containsExactly(first);
    assertThat(model.passes() - passes)
        .isEqualTo(3); // the queries, their activations, the missing shard
  }

  @Test
  void whatDoesNotFitIsRefusedWithAdvice() {
    ScoreSettings settings = settings(Map.of("memory", 0.001));
    assertThatThrownBy(() -> demand(settings).queriesAtOnce())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("fewer linears");
  }

  @Test
  void aGradientThatIsNotFiniteIsNamedByItemAndLinear() {
    List<TokenizedText> items = List.of(DOCUMENTS.get(0), item("broken", 1, MadeUpModel.BROKEN, 2));
    assertThatThrownBy(
            () ->
                new Gradients(model, MadeUpModel.LINEARS, 64)
                    .each(items, LossLabels.DATA, rows -> {}))
        .isInstanceOf(SondeException.class)
        .hasMessageContaining("'broken': the gradient at made.0.up is not finite");
  }

  @Test
  void labelsAreDrawnAlikeForAnItemWhereverItStands() {
    TokenizedText item = DOCUMENTS.get(3);
    assertThat(item.sampledLoss(5)).isEqualTo(item.sampledLoss(5));
    assertThat(item.sampledLoss(5)).isNotEqualTo(item.sampledLoss(6));
    assertThat(item.sampledLoss(5).seed()).isNotEqualTo(DOCUMENTS.get(4).sampledLoss(5).seed());
  }

  @Test
  void rowsThatAreKeptAreThoseOfAPassOfTheirOwnAndTakeNone() {
    LossLabels drawn = LossLabels.sampled(11);
    Gradients plain = new Gradients(model, MadeUpModel.LINEARS, 40);
    Gradients keeping = new Gradients(model, MadeUpModel.LINEARS, 40);
    keeping.keep(DOCUMENTS, List.of(drawn, LossLabels.DATA));
    int passes = model.passes();
    List<double[]> kept = seen(keeping, drawn);
    kept.addAll(seen(keeping, LossLabels.DATA));
    kept.addAll(seen(keeping, drawn));
    assertThat(model.passes() - passes).isEqualTo(1);
    List<double[]> own = seen(plain, drawn);
    own.addAll(seen(plain, LossLabels.DATA));
    own.addAll(seen(plain, drawn));
    assertThat(kept.toArray(double[][]::new)).isDeepEqualTo(own.toArray(double[][]::new));
  }

  private static List<double[]> seen(Gradients gradients, LossLabels labels) {
    List<double[]> seen = new ArrayList<>();
    gradients.each(
        DOCUMENTS,
        labels,
        rows -> {
          seen.add(Made.cells(rows.inputs()));
          seen.add(Made.cells(rows.gradients()));
        });
    return seen;
  }

  @Test
  void normsOfDocumentsAreTheSameWhereTheirGradientsAreNotFormed() {
    double[] whole = first(Map.of()).documentNorms();
    double[] reduced = first(Map.of("query_rank", 1)).documentNorms();
    assertThat(whole).doesNotContain(0);
    assertThat(reduced).containsExactly(whole, within(1e-4));
  }

  @Test
  void everyVariantIsRankedWithEveryDivisionAndTheHighestOfEachAreHeld() {
    InfluenceScores scores =
        first(Map.of("strategies", List.of("ekfac", "identity"), "normalise", "cosine"));
    assertThat(scores.rankings().stream().map(each -> each.method().words()))
        .containsExactly(
            "ekfac, damping 0.1, cosine",
            "ekfac, damping 0.1, none",
            "ekfac, damping 0.1, grad_norm",
            "ekfac, damping 0.1, per_token",
            "identity, none",
            "identity, grad_norm",
            "identity, per_token",
            "similarity");
    for (int q = 0; q < QUERIES.size(); q++) {
      double[] raw = scores.full().table(0).row(q);
      double[] perToken = raw.clone();
      Arrays.setAll(perToken, d -> raw[d] / DOCUMENTS.get(d).predicted());
      assertThat(scores.rankings().get(1).of(q).documents())
          .containsExactly(Ranked.of(raw).documents());
      assertThat(scores.rankings().get(3).of(q).documents())
          .containsExactly(Ranked.of(perToken).documents());
      assertThat(scores.rankings().get(2).of(q).documents())
          .as("a cosine ranks as the division by the document's norm does")
          .containsExactly(scores.first().of(q).documents());
    }
  }

  @Test
  void activationsOfADocumentAreMostLikeThoseOfTheSameText() {
    Rankings similar = scored(Map.of(), DOCUMENTS).rankings().getLast();
    assertThat(similar.method()).isEqualTo(Method.SIMILARITY);
    for (int d = 0; d < DOCUMENTS.size(); d++) {
      assertThat(similar.of(d).scores()[0]).isCloseTo(1, within(1e-5));
      assertThat(similar.of(d).documents()[0]).isEqualTo(d);
    }
  }

  @Test
  void aQueryHeldAgainstAnotherCompletionScoresTheDifference() {
    TokenizedText one = QUERIES.get(0);
    TokenizedText other = QUERIES.get(1);
    TokenizedText contrast =
        new TokenizedText(
            one.example(),
            one.text(),
            one.tokens(),
            one.lossFrom(),
            one.lossTo(),
            Optional.of(other));
    double[] own = scored(Map.of(), List.of(one)).full().table(0).row(0);
    double[] less = scored(Map.of(), List.of(other)).full().table(0).row(0);
    double[] both = scored(Map.of(), List.of(contrast, other)).full().table(0).row(0);
    double[] expected = own.clone();
    Arrays.setAll(expected, d -> own[d] - less[d]);
    assertThat(both).containsExactly(expected, within(1e-3));
  }

  @Test
  void scoresAreDividedByNatsAndByTheNumberOfTrainingDocuments() {
    double raw = first(Map.of()).full().table(0).get(0, first(Map.of()).first().of(0).top(1)[0]);
    double fewest = 1e-6; // the nats of this test's queries are 0
    assertThat(first(Map.of()).first().of(0).scores()[0])
        .isCloseTo(raw / (fewest * DOCUMENTS.size()), within(1e-3 * Math.abs(raw / fewest)));
    assertThat(first(Map.of("training_documents", 4000)).first().of(0).scores()[0])
        .isCloseTo(raw / (fewest * 4000), within(1e-3 * Math.abs(raw / fewest)));
  }

  @Test
  void theLinearsPartsAddUpToTheScores() {
    for (int rank : new int[] {0, 2}) {
      InfluenceScores table = first(Map.of("modules", true, "query_rank", rank, "shard", 11));
      Matrix sum = FloatMatrices.zeros(QUERIES.size(), DOCUMENTS.size());
      for (int linear = 0; linear < MadeUpModel.LINEARS.size(); linear++) {
        Matrix part = table.full().ofLinear(linear, 0, DOCUMENTS.size());
        double absolute = Arrays.stream(Made.cells(part)).map(Math::abs).sum();
        assertThat(Arrays.stream(table.linears()[linear]).sum())
            .isCloseTo(absolute, within(1e-4 * absolute));
        FloatMatrices.add(sum, part);
      }
      assertThat(Made.cells(sum)).containsExactly(Made.cells(table.full().table(0)), within(1e-4));
    }
  }

  @Test
  void whatDocumentsScoreForThemselvesIsWhatTheyScoreAsQueries() {
    InfluenceScores table = first(Map.of("self", true));
    InfluenceScores asQueries = scored(Map.of("self", true), DOCUMENTS);
    double largest = Arrays.stream(table.self()).max().orElseThrow();
    for (int d = 0; d < DOCUMENTS.size(); d++) {
      assertThat(table.self()[d])
          .isCloseTo(asQueries.full().table(0).get(d, d), within(1e-5 * largest));
      assertThat(table.self()[d]).isPositive();
    }
  }

  private InfluenceScores first(Map<String, Object> given) {
    return scored(given, QUERIES);
  }

  private InfluenceScores scored(Map<String, Object> given, List<TokenizedText> queries) {
    return new Trial(given, demand(settings(given)), 4096, queries).score(new TreeMap<>());
  }

  private static Config config(Map<String, Object> given) {
    Map<String, Object> all = new TreeMap<>(Map.of("full_scores", true, "normalise", "none"));
    all.putAll(given);
    return new SettingsConfig(new InfluencePlugin().probes().getFirst().settings(), all);
  }

  private static ScoreSettings settings(Map<String, Object> given) {
    return ScoreSettings.of(config(given));
  }

  private static Demand demand(ScoreSettings settings) {
    return Demand.of(
        new MadeUpModel().info(),
        MadeUpModel.LINEARS,
        settings,
        new SummaryShape(settings.methods(0), QUERIES.size(), DOCUMENTS.size(), 10, 10, 0),
        new Demand.FittedRows(InfluencePlan.tokens(DOCUMENTS), 2));
  }

  private double[] scores(int tokensAtOnce, Map<String, Object> given) {
    return scores(tokensAtOnce, given, demand(settings(given)));
  }

  private double[] scores(int tokensAtOnce, Map<String, Object> given, Demand demand) {
    return cells(new Trial(given, demand, tokensAtOnce, QUERIES).score(new TreeMap<>()));
  }

  /** All scores, variant by variant. */
  private static double[] cells(InfluenceScores scores) {
    return IntStream.range(0, scores.full().variants().size())
        .mapToObj(scores.full()::table)
        .flatMapToDouble(table -> Arrays.stream(Made.cells(table)))
        .toArray();
  }

  /** Fits and scores. */
  private final class Trial {
    private final Map<String, Object> given;
    private final ScoreSettings settings;
    private final InfluencePlan plan;
    private final Gradients gradients;

    Trial(Map<String, Object> given, Demand demand, int tokensAtOnce, List<TokenizedText> queries) {
      this.given = given;
      this.settings = settings(given);
      this.plan =
          new InfluencePlan(queries, DOCUMENTS, DOCUMENTS, MadeUpModel.LINEARS, demand, List.of());
      this.gradients = new Gradients(model, MadeUpModel.LINEARS, tokensAtOnce);
    }

    /**
     * The scores.
     *
     * @param kept what an interrupted run has finished; what is computed now is added
     */
    InfluenceScores score(Map<String, Artifact> kept) {
      return scoring(kept).score(fit().task(), new double[plan.queries().size()]);
    }

    List<double[]> marks(int query, int... documents) {
      SequencedMap<Integer, int[]> wanted = new LinkedHashMap<>(Map.of(query, documents));
      return Objects.requireNonNull(
          scoring(new TreeMap<>()).marks(fit().task(), wanted).get(query));
    }

    private CurvatureFit fit() {
      FitTask task = new FitTask(0, settings.strategies(0), LossLabels.sampled(11));
      return new CurvatureFit(task, DOCUMENTS, gradients, Made.ALGEBRA);
    }

    private Scoring scoring(Map<String, Artifact> kept) {
      ProbeContext context = new MadeUpContext(model, Map.of(), kept, worker -> worker(), 1);
      fit().fit(context, FitSettings.of(config(given)));
      return new Scoring(context, plan, settings, List.of());
    }

    private MadeUpContext.Worker worker() {
      CurvatureFit fit = fit();
      return (stage, input, context) -> {
        DocumentScoring scoring =
            new DocumentScoring(context, plan, settings, gradients, Made.ALGEBRA, List.of());
        return switch (stage) {
          case CurvatureFit.COVARIANCE -> fit.covariance(input);
          case CurvatureFit.EIGENBASIS -> fit.eigenbasis(input);
          case CurvatureFit.LAMBDA -> fit.lambda(input, context);
          case Scoring.SCORES -> scoring.scores(input, fit);
          default -> scoring.marks(input, fit);
        };
      };
    }
  }
}
