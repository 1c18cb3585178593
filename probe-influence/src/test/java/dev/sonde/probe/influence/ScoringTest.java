package dev.sonde.probe.influence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.SondeException;
import dev.sonde.api.linalg.Matrix;
import dev.sonde.statistics.Correlation;
import dev.sonde.testkit.SettingsConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Scores do not depend on how the work is divided; float32 sums in another order differ by 1e-5.
 */
class ScoringTest {
  private static final List<Item> DOCUMENTS = items("document", 40);
  private static final List<Item> QUERIES = items("query", 6);

  private final Map<String, byte[]> kept = new HashMap<>();
  private final MadeUpModel model = new MadeUpModel();

  private static List<Item> items(String name, int count) {
    Random random = new Random(name.hashCode());
    return IntStream.range(0, count)
        .mapToObj(i -> item(name + i, random.ints(3 + i % 5, 0, 20).toArray()))
        .toList();
  }

  private static Item item(String id, int... tokens) {
    return new Item(Row.of(id), id, tokens, 1);
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
    InfluenceSettings settings = settings(Map.of());
    Demand all = demand(settings);
    Demand few = taking(all, all.limit() / 4, all.limit() / 4);
    assertThat(few.queriesAtOnce()).isLessThan(QUERIES.size());
    assertThat(scores(4096, settings, few))
        .containsExactly(scores(4096, settings, all), within(1e-4));
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
        0,
        0,
        demand.limit());
  }

  @Test
  void queriesThatAreReducedInTurnScoreAsQueriesReducedTogether() {
    InfluenceSettings settings = settings(Map.of("query_rank", 2));
    Demand all = demand(settings);
    Demand few = taking(all, all.limit() / 4, all.held());
    assertThat(few.queriesFormedAtOnce()).isLessThan(few.queriesAtOnce());
    assertThat(few.queriesAtOnce()).isEqualTo(QUERIES.size());
    assertThat(scores(4096, settings, few))
        .containsExactly(scores(4096, settings, all), within(1e-4));
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
    InfluenceSettings settings = settings(Map.of());
    Scoring scoring = scoring(4096, settings, demand(settings));
    List<Factors> factors = factors(4096, settings);
    double[] scores = scores(4096, Map.of());
    List<double[]> marks =
        scoring.perToken(
            settings.variants().getFirst(), factors, QUERIES.get(2), DOCUMENTS.subList(0, 9));
    for (int d = 0; d < 9; d++) {
      assertThat(Arrays.stream(marks.get(d)).sum())
          .isCloseTo(scores[2 * DOCUMENTS.size() + d], within(1e-3));
    }
  }

  @Test
  void whatIsKeptOfAnInterruptedRunIsNotComputedAgain() {
    double[] first = scores(4096, Map.of("shard", 11));
    int passes = model.passes();
    kept.keySet().removeIf(name -> name.equals("scores-0-11"));
    InfluenceSettings settings = settings(Map.of("shard", 11));
    double[] again = run(4096, settings, demand(settings));
    assertThat(again).containsExactly(first);
    assertThat(model.passes() - passes).isEqualTo(2); // the queries, and the shard that was missing
  }

  @Test
  void whatDoesNotFitIsRefusedWithAdvice() {
    InfluenceSettings settings = settings(Map.of("memory", 0.001));
    assertThatThrownBy(() -> demand(settings).queriesAtOnce())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("fewer linears");
  }

  @Test
  void aGradientThatIsNotFiniteIsNamedByItemAndLinear() {
    List<Item> items = List.of(DOCUMENTS.get(0), item("broken", 1, MadeUpModel.BROKEN, 2));
    assertThatThrownBy(
            () ->
                new Gradients(model, MadeUpModel.LINEARS, 64).each(items, Labels.DATA, rows -> {}))
        .isInstanceOf(SondeException.class)
        .hasMessageContaining("'broken': the gradient at made.0.up is not finite");
  }

  @Test
  void labelsAreDrawnAlikeForAnItemWhereverItStands() {
    Item item = DOCUMENTS.get(3);
    assertThat(item.sampledLoss(5)).isEqualTo(item.sampledLoss(5));
    assertThat(item.sampledLoss(5)).isNotEqualTo(item.sampledLoss(6));
    assertThat(item.sampledLoss(5).seed()).isNotEqualTo(DOCUMENTS.get(4).sampledLoss(5).seed());
  }

  @Test
  void rowsThatAreKeptAreThoseOfAPassOfTheirOwnAndTakeNone() {
    Labels drawn = Labels.sampled(11);
    Gradients plain = new Gradients(model, MadeUpModel.LINEARS, 40);
    Gradients keeping = new Gradients(model, MadeUpModel.LINEARS, 40);
    keeping.keep(DOCUMENTS, List.of(drawn, Labels.DATA));
    int passes = model.passes();
    List<double[]> kept = seen(keeping, drawn);
    kept.addAll(seen(keeping, Labels.DATA));
    kept.addAll(seen(keeping, drawn));
    assertThat(model.passes() - passes).isEqualTo(1);
    List<double[]> own = seen(plain, drawn);
    own.addAll(seen(plain, Labels.DATA));
    own.addAll(seen(plain, drawn));
    assertThat(kept.toArray(double[][]::new)).isDeepEqualTo(own.toArray(double[][]::new));
  }

  private static List<double[]> seen(Gradients gradients, Labels labels) {
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
  void theLinearsPartsAddUpToTheScores() {
    for (int rank : new int[] {0, 2}) {
      ScoreTable table = first(Map.of("modules", true, "query_rank", rank, "shard", 11));
      Matrix sum = Cells.zeros(table.queries(), table.documents());
      assertThat(table.linears()).hasSameSizeAs(MadeUpModel.LINEARS);
      table.linears().forEach(part -> Cells.add(sum, part));
      assertThat(Made.cells(sum)).containsExactly(Made.cells(table.values()), within(1e-4));
    }
  }

  @Test
  void whatDocumentsScoreForThemselvesIsWhatTheyScoreAsQueries() {
    InfluenceSettings settings = settings(Map.of("self", true));
    ScoreTable table = first(Map.of("self", true));
    ScoreTable asQueries = tables(settings, DOCUMENTS).getFirst();
    double largest = Arrays.stream(table.self()).max().orElseThrow();
    for (int d = 0; d < DOCUMENTS.size(); d++) {
      assertThat(table.self()[d]).isCloseTo(asQueries.values().get(d, d), within(1e-5 * largest));
      assertThat(table.self()[d]).isPositive();
    }
  }

  private ScoreTable first(Map<String, Object> given) {
    return tables(settings(given), QUERIES).getFirst();
  }

  private List<ScoreTable> tables(InfluenceSettings settings, List<Item> queries) {
    kept.clear();
    return scoring(4096, settings, demand(settings))
        .score(
            "scores",
            settings.variants(),
            factors(4096, settings),
            queries,
            DOCUMENTS,
            new double[queries.size()]);
  }

  private static InfluenceSettings settings(Map<String, Object> given) {
    return InfluenceSettings.of(new SettingsConfig(new InfluenceProbeFactory().settings(), given));
  }

  private static Demand demand(InfluenceSettings settings) {
    return Demand.of(
        new MadeUpModel().info(),
        MadeUpModel.LINEARS,
        settings,
        QUERIES.size(),
        DOCUMENTS.size(),
        DOCUMENTS.stream().mapToLong(d -> d.tokens().length).sum(),
        true);
  }

  private double[] scores(int tokensAtOnce, Map<String, Object> given) {
    InfluenceSettings settings = settings(given);
    return scores(tokensAtOnce, settings, demand(settings));
  }

  private double[] scores(int tokensAtOnce, InfluenceSettings settings, Demand demand) {
    kept.clear();
    return run(tokensAtOnce, settings, demand);
  }

  private double[] run(int tokensAtOnce, InfluenceSettings settings, Demand demand) {
    double[] nats = new double[QUERIES.size()];
    Arrays.fill(nats, 1);
    return scoring(tokensAtOnce, settings, demand)
        .score(
            "scores",
            settings.variants(),
            factors(tokensAtOnce, settings),
            QUERIES,
            DOCUMENTS,
            nats)
        .stream()
        .flatMapToDouble(table -> Arrays.stream(Made.cells(table.values())))
        .toArray();
  }

  private Stages stages() {
    return new Stages(
        (name, work) -> kept.computeIfAbsent(name, n -> work.get()), (name, cost) -> {});
  }

  private Scoring scoring(int tokensAtOnce, InfluenceSettings settings, Demand demand) {
    return new Scoring(
        new Gradients(model, MadeUpModel.LINEARS, tokensAtOnce),
        MadeUpModel.LINEARS,
        Made.ALGEBRA,
        stages(),
        settings,
        demand,
        count -> {});
  }

  private List<Factors> factors(int tokensAtOnce, InfluenceSettings settings) {
    int parts = settings.partitions();
    List<List<Item>> partitions =
        IntStream.range(0, parts)
            .mapToObj(
                p ->
                    DOCUMENTS.subList(
                        p * DOCUMENTS.size() / parts, (p + 1) * DOCUMENTS.size() / parts))
            .toList();
    return new Fitting(
            "",
            new Gradients(model, MadeUpModel.LINEARS, tokensAtOnce),
            MadeUpModel.LINEARS,
            Made.ALGEBRA,
            stages(),
            partitions,
            Labels.sampled(11))
        .fit(settings.strategies());
  }
}
