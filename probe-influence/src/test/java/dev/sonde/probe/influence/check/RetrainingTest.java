package dev.sonde.probe.influence.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.TrainingPlan;
import dev.sonde.probe.influence.check.Datamodeling.Predicted;
import dev.sonde.probe.influence.check.DocumentRemoval.Group;
import dev.sonde.probe.influence.check.RetrainingSettings.Removals;
import dev.sonde.probe.influence.read.Row;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.MadeRankings;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetrainingTest {
  private static final List<TokenizedText> DOCUMENTS =
      IntStream.range(0, 7).mapToObj(i -> item("d" + i, Map.of(), 100 + i, 1, 2, 3)).toList();

  private static TokenizedText item(String id, Map<String, String> columns, int... tokens) {
    Map<String, List<String>> values = new HashMap<>();
    columns.forEach((column, value) -> values.put(column, List.of(value)));
    return new TokenizedText(new Row(id, id, values), id, tokens, 1);
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    IntStream.of(set).forEach(bits::set);
    return bits;
  }

  @Test
  void aDocumentThatIsLeftOutMakesItsBatchSmallerAndLeavesOrderAndStepSizesAsTheyAre() {
    int[] order = {6, 5, 4, 3, 2, 1, 0};
    TrainingPlan plan = new TrainingRecipe(3, 2, 0.6).plan(DOCUMENTS, order, bits(6, 4, 3, 2, 1));
    List<List<Integer>> first =
        plan.steps().stream()
            .map(step -> step.batch().stream().map(s -> s.token(0) - 100).toList())
            .toList();
    assertThat(first)
        .containsExactly(
            List.of(6, 4), List.of(3, 2, 1), List.of(6, 4), List.of(3, 2, 1)); // none of {0}
    assertThat(plan.steps().stream().map(TrainingPlan.Step::rate).toList())
        .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1, Double.class)
        .containsExactly(0.6, 0.5, 0.3, 0.2);
  }

  @Test
  void aLineOfTheFileIsReadBack() {
    Retraining written =
        new Retraining(DocumentChoice.BM25, 3, 2, bits(0, 5, 64, 130), new double[] {-1.5, -0.25});
    String line = written.line("cafe");
    assertThat(line).startsWith("{\"id\":\"bm25-03-seed-2-").endsWith("[-1.50000,-0.25000]}\n");
    String documents = line.replaceAll("(?s).*\"documents\":\"(\\w+)\".*", "$1");
    Retraining read =
        Retraining.of(
            new Row(
                "bm25-03-seed-2",
                "",
                Map.of(
                    "choice",
                    List.of("bm25"),
                    "number",
                    List.of("3"),
                    "seed",
                    List.of("2"),
                    "documents",
                    List.of(documents),
                    "log_p",
                    List.of("-1.50000", "-0.25000"))));
    assertThat(read.documents()).isEqualTo(written.documents());
    assertThat(read.logP()).containsExactly(-1.5, -0.25);
    assertThat(read.id()).isEqualTo(written.id());
  }

  @Test
  void asManyDocumentsAreRemovedHoweverTheyAreChosen() {
    List<TokenizedText> queries =
        IntStream.range(0, 5)
            .mapToObj(i -> item("q" + i, Map.of("kind", i == 1 ? "other" : "fact"), 1, 2))
            .toList();
    List<Group> groups =
        DocumentRemoval.groups(queries, new Removals(List.of("fact", "none"), 8, 2, 2, 1));
    assertThat(groups)
        .containsExactly(new Group("fact", List.of(0, 2)), new Group("fact", List.of(3, 4)));
    double[] up = {0, 1, 2, 3, 4, 5, 6};
    double[] down = {6, 5, 4, 3, 2, 1, 0};
    double[] alsoUp = {0, 1, 2, 3, 9, 5, 6};
    Rankings rankings = MadeRankings.of(List.of(up, down, alsoUp, up, up));
    assertThat(DocumentRemoval.withoutTop(rankings, List.of(0, 2), 7, 3))
        .isEqualTo(bits(0, 1, 2, 3));
    assertThat(DocumentRemoval.withoutTop(rankings, List.of(3, 4), 7, 3))
        .isEqualTo(bits(0, 1, 2, 3));
    assertThat(DocumentRemoval.withoutRandom(7, 3, new Random(1)).cardinality()).isEqualTo(4);
  }

  @Test
  void anEffectBelongsToTheDocumentsThatWereLeftOutWhoeverAskedForIt() {
    Removals removals = new Removals(List.of("fact"), 8, 2, 2, 1);
    Group group = new Group("fact", List.of(0, 1));
    Rankings rankings =
        MadeRankings.of(
            List.of(new double[] {0, 1, 2, 3, 4, 5, 6}, new double[] {6, 5, 4, 3, 2, 1, 0}));
    Rankings others =
        MadeRankings.of(
            List.of(new double[] {9, 1, 2, 3, 4, 5, 6}, new double[] {6, 5, 9, 3, 2, 1, 0}));
    BitSet kept = DocumentRemoval.kept(rankings, group, 7, removals);
    RemovalBank bank =
        new RemovalBank(
            new Retrainings(
                List.of(
                    new Retraining(DocumentChoice.FULL, 0, 1, bits(), new double[] {-1, -2}),
                    new Retraining(DocumentChoice.BM25, 5, 1, kept, new double[] {-4, -2.5}))),
            7);
    assertThat(bank.changes(kept))
        .hasValueSatisfying(own -> assertThat(own).containsExactly(-3, -0.5));
    assertThat(bank.changes(DocumentRemoval.kept(others, group, 7, removals)))
        .as("other scores would have removed other documents")
        .isEmpty();
  }

  @Test
  void aGroupWithoutATrainingOfItsOwnLeavesTheEffectOut() {
    List<Group> groups = List.of(new Group("fact", List.of(0)), new Group("fact", List.of(1)));
    int[] tokens = {2, 4};
    assertThat(
            RemovalEffects.of(
                groups,
                group ->
                    group.queries().contains(0)
                        ? Optional.of(new double[] {-1, -1})
                        : Optional.empty(),
                tokens))
        .isEmpty();
    RemovalEffects both =
        RemovalEffects.of(groups, group -> Optional.of(new double[] {-1, -2}), tokens)
            .orElseThrow();
    assertThat(both.byGroup()).containsExactly(-1, -2);
    assertThat(both.perToken()).containsExactly(-0.5, -0.5);
  }

  @Test
  void anEffectIsAgainstTrainingOnAllDocumentsInTheSameOrderAndRandomOnesServeEveryQuery() {
    List<Retraining> all = new ArrayList<>();
    for (int seed = 1; seed <= 2; seed++) {
      double[] full = {-seed, -1};
      all.add(new Retraining(DocumentChoice.FULL, 0, seed, bits(0, 1, 2, 3), full));
      double[] without = {-seed - 3, -1 - seed};
      all.add(new Retraining(DocumentChoice.INFLUENCE, 0, seed, bits(0, 1), without));
      for (int group = 0; group < 2; group++) {
        double[] logP = {-seed - group, -1};
        all.add(new Retraining(DocumentChoice.RANDOM, group, seed, bits(group, 2 + group), logP));
      }
    }
    RemovalBank bank = new RemovalBank(new Retrainings(all), 4);
    assertThat(bank.changes(bits(0, 1)).orElseThrow()).containsExactly(-3, -1.5);
    assertThat(bank.changesAtRandom(2).orElseThrow()).containsExactly(-0.5, 0);
    assertThat(bank.changesAtRandom(3)).isEmpty();
  }

  @Test
  void theDifferenceOfTwoWaysToPredictIsPaired() {
    Random random = new Random(6);
    double[] effects = random.doubles(30, -1, 1).toArray();
    List<Retraining> subsets = new ArrayList<>();
    for (int subset = 0; subset < 15; subset++) {
      BitSet half = new BitSet();
      IntStream.range(0, 30).filter(d -> random.nextBoolean()).forEach(half::set);
      double sum = half.stream().mapToDouble(d -> effects[d]).sum();
      subsets.add(new Retraining(DocumentChoice.SUBSET, subset, 1, half, new double[] {sum}));
    }
    Datamodeling datamodeling = Datamodeling.of(new Retrainings(subsets), 100, random);
    Predicted right = datamodeling.predicted(sums(subsets, effects));
    Predicted constant = datamodeling.predicted(sums(subsets, new double[30]));
    Estimate same = datamodeling.difference(right, right, List.of(0));
    assertThat(same.low()).isZero();
    assertThat(same.high()).isZero();
    assertThat(datamodeling.difference(right, constant, List.of(0)).value())
        .isCloseTo(1, within(1e-12));
    assertThat(datamodeling.ceiling(List.of(0)).value()).as("one seed has no other").isNaN();
  }

  /** Per query the sums over subsets, in the order of their numbers. */
  private static double[][] sums(List<Retraining> retrainings, double[]... scores) {
    List<BitSet> halves = new Retrainings(retrainings).halves();
    return Arrays.stream(scores)
        .map(
            own ->
                halves.stream()
                    .mapToDouble(h -> h.stream().mapToDouble(d -> own[d]).sum())
                    .toArray())
        .toArray(double[][]::new);
  }

  @Test
  void scoresThatAddUpToWhatTrainingDoesHaveADatamodelingScoreOfOneAndTheirNegativesOfMinusOne() {
    Random random = new Random(5);
    double[] effects = random.doubles(40, -1, 1).toArray();
    List<Retraining> subsets = new ArrayList<>();
    for (int subset = 0; subset < 20; subset++) {
      BitSet half = new BitSet();
      while (half.cardinality() < 20) {
        half.set(random.nextInt(40));
      }
      double sum = half.stream().mapToDouble(d -> effects[d]).sum();
      for (int seed = 1; seed <= 2; seed++) {
        double noise = seed == 1 ? 0.5 : -0.5; // gone in the mean over seeds
        subsets.add(
            new Retraining(
                DocumentChoice.SUBSET, subset, seed, half, new double[] {sum + noise, -sum}));
      }
    }
    Datamodeling datamodeling = Datamodeling.of(new Retrainings(subsets), 500, random);
    Predicted own = datamodeling.predicted(sums(subsets, effects, effects));
    assertThat(datamodeling.score(own, List.of(0)).value()).isCloseTo(1, within(1e-9));
    assertThat(datamodeling.score(own, List.of(1)).value()).isCloseTo(-1, within(1e-9));
    Estimate both = datamodeling.score(own, List.of(0, 1));
    assertThat(both.value()).isCloseTo(0, within(1e-9));
    assertThat(both.low()).as("queries are drawn, too").isLessThan(-0.5);
    double[] unrelated = random.doubles(40, -1, 1).toArray();
    Predicted chance = datamodeling.predicted(sums(subsets, unrelated, unrelated));
    Estimate score = datamodeling.score(chance, List.of(0));
    assertThat(Math.abs(score.value())).isLessThan(0.7);
    assertThat(score.low()).isLessThan(score.high());
    assertThat(datamodeling.ceiling(List.of(0)).value()).isCloseTo(1, within(1e-9));
  }

  @Test
  void theCeilingIsWhatTheTruthReachesAgainstAMeanOfNoisySeeds() {
    Random random = new Random(8);
    List<Retraining> subsets = new ArrayList<>();
    double[][] truth = new double[60][200];
    for (double[] query : truth) {
      Arrays.setAll(query, subset -> random.nextGaussian());
    }
    for (int subset = 0; subset < 200; subset++) {
      for (int seed = 1; seed <= 2; seed++) {
        double[] logP = new double[truth.length];
        int of = subset;
        Arrays.setAll(logP, query -> truth[query][of] + 1.5 * random.nextGaussian());
        subsets.add(new Retraining(DocumentChoice.SUBSET, subset, seed, bits(subset), logP));
      }
    }
    Datamodeling datamodeling = Datamodeling.of(new Retrainings(subsets), 10, random);
    List<Integer> all = IntStream.range(0, truth.length).boxed().toList();
    double reached = datamodeling.score(datamodeling.predicted(truth), all).value();
    assertThat(reached).isBetween(0.5, 0.8);
    assertThat(datamodeling.ceiling(all).value()).isCloseTo(reached, within(0.03));
  }

  @Test
  void aPredictionThatDoesNotVaryCountsAsNone() {
    List<Retraining> subsets = new ArrayList<>();
    for (int subset = 0; subset < 6; subset++) {
      double[] logP = {-subset, -subset, -1};
      subsets.add(new Retraining(DocumentChoice.SUBSET, subset, 1, bits(subset), logP));
    }
    Datamodeling datamodeling = Datamodeling.of(new Retrainings(subsets), 50, new Random(1));
    double[] right = {0, -1, -2, -3, -4, -5};
    Predicted own = datamodeling.predicted(sums(subsets, right, new double[6], right));
    assertThat(datamodeling.score(own, List.of(0, 1)).value())
        .isCloseTo(0.5, within(1e-12)); // 1 and 0
    assertThat(datamodeling.score(own, List.of(0, 2)).value())
        .isCloseTo(1, within(1e-12)); // nothing varies that the second could rank
  }

  @Test
  void theHashOfInputsFollowsTokensAndTheWayOfTraining() {
    TrainingRecipe recipe = new TrainingRecipe(32, 3, 5e-4);
    String hash = Retrainings.inputs(DOCUMENTS, DOCUMENTS, recipe);
    assertThat(hash).hasSize(16).isEqualTo(Retrainings.inputs(DOCUMENTS, DOCUMENTS, recipe));
    assertThat(Retrainings.inputs(DOCUMENTS.subList(1, 7), DOCUMENTS, recipe)).isNotEqualTo(hash);
    assertThat(Retrainings.inputs(DOCUMENTS, DOCUMENTS, new TrainingRecipe(32, 2, 5e-4)))
        .isNotEqualTo(hash);
  }
}
