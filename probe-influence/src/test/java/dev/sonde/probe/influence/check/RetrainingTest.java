package dev.sonde.probe.influence.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.model.TrainingPlan;
import dev.sonde.probe.influence.check.RetrainingSettings.Removals;
import dev.sonde.probe.influence.read.Row;
import dev.sonde.probe.influence.read.TokenizedText;
import dev.sonde.probe.influence.score.Rankings;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    assertThat(line)
        .startsWith("{\"id\":\"bm25-03-seed-2\",\"inputs\":\"cafe\"")
        .endsWith("[-1.50000,-0.25000]}\n");
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
    List<List<Integer>> groups = DocumentRemoval.groups(queries, new Removals("fact", 8, 2, 2, 1));
    assertThat(groups).containsExactly(List.of(0, 2), List.of(3, 4));
    double[] up = {0, 1, 2, 3, 4, 5, 6};
    double[] down = {6, 5, 4, 3, 2, 1, 0};
    double[] alsoUp = {0, 1, 2, 3, 9, 5, 6};
    Rankings rankings = Rankings.of(List.of(up, down, alsoUp, up, up));
    assertThat(DocumentRemoval.withoutTop(rankings, List.of(0, 2), 3)).isEqualTo(bits(0, 1, 2, 3));
    assertThat(DocumentRemoval.withoutTop(rankings, List.of(3, 4), 3)).isEqualTo(bits(0, 1, 2, 3));
    assertThat(DocumentRemoval.withoutRandom(7, 3, new Random(1)).cardinality()).isEqualTo(4);
  }

  @Test
  void removalsAreThoseOfTheScoresThatChoseTheDocuments() {
    Removals removals = new Removals("fact", 8, 2, 2, 1);
    List<List<Integer>> groups = List.of(List.of(0, 1));
    Rankings rankings =
        Rankings.of(
            List.of(new double[] {0, 1, 2, 3, 4, 5, 6}, new double[] {6, 5, 4, 3, 2, 1, 0}));
    Rankings others =
        Rankings.of(
            List.of(new double[] {9, 1, 2, 3, 4, 5, 6}, new double[] {6, 5, 9, 3, 2, 1, 0}));
    Retrainings done =
        new Retrainings(
            List.of(
                new Retraining(
                    DocumentChoice.INFLUENCE,
                    0,
                    1,
                    DocumentRemoval.kept(rankings, groups.getFirst(), removals),
                    new double[2])));
    assertThat(DocumentRemoval.isOf(done, DocumentChoice.INFLUENCE, rankings, groups, removals))
        .isTrue();
    assertThat(DocumentRemoval.isOf(done, DocumentChoice.INFLUENCE, others, groups, removals))
        .as("other scores would have removed other documents")
        .isFalse();
    assertThat(DocumentRemoval.isOf(done, DocumentChoice.INFLUENCE, rankings, List.of(), removals))
        .as("this run has no such group")
        .isFalse();
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
    Datamodeling datamodeling = Datamodeling.of(new Retrainings(subsets));
    List<double[]> right = List.of(effects);
    List<double[]> constant = List.of(new double[30]);
    Estimate same = datamodeling.difference(right, right, List.of(0), 100, random);
    assertThat(same.low()).isZero();
    assertThat(same.high()).isZero();
    assertThat(datamodeling.difference(right, constant, List.of(0), 100, random).value())
        .isCloseTo(1, within(1e-12));
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
    Datamodeling datamodeling = Datamodeling.of(new Retrainings(subsets));
    List<double[]> scores = List.of(effects, effects);
    assertThat(datamodeling.score(scores, List.of(0), 500, random).value())
        .isCloseTo(1, within(1e-9));
    assertThat(datamodeling.score(scores, List.of(1), 500, random).value())
        .isCloseTo(-1, within(1e-9));
    Estimate both = datamodeling.score(scores, List.of(0, 1), 500, random);
    assertThat(both.value()).isCloseTo(0, within(1e-9));
    double[] unrelated = random.doubles(40, -1, 1).toArray();
    Estimate chance = datamodeling.score(List.of(unrelated, unrelated), List.of(0), 500, random);
    assertThat(Math.abs(chance.value())).isLessThan(0.7);
    assertThat(chance.low()).isLessThan(chance.high());
  }

  @Test
  void aPredictionThatDoesNotVaryCountsAsNone() {
    List<Retraining> subsets = new ArrayList<>();
    for (int subset = 0; subset < 6; subset++) {
      double[] logP = {-subset, -subset, -1};
      subsets.add(new Retraining(DocumentChoice.SUBSET, subset, 1, bits(subset), logP));
    }
    Datamodeling datamodeling = Datamodeling.of(new Retrainings(subsets));
    double[] right = {0, -1, -2, -3, -4, -5};
    List<double[]> scores = List.of(right, new double[6], right);
    assertThat(datamodeling.score(scores, List.of(0, 1), 50, new Random(1)).value())
        .isCloseTo(0.5, within(1e-12)); // 1 and 0
    assertThat(datamodeling.score(scores, List.of(0, 2), 50, new Random(1)).value())
        .isCloseTo(1, within(1e-12)); // nothing varies that the second could rank
  }

  @Test
  void anEffectIsAgainstTrainingOnAllDocumentsInTheSameOrder() {
    List<Retraining> all = new ArrayList<>();
    for (int seed = 1; seed <= 2; seed++) {
      all.add(
          new Retraining(
              DocumentChoice.FULL, 0, seed, bits(), new double[] {-seed, -1, -1, -seed}));
      for (DocumentChoice choice :
          List.of(DocumentChoice.INFLUENCE, DocumentChoice.BM25, DocumentChoice.RANDOM)) {
        double less =
            choice == DocumentChoice.INFLUENCE ? 3 : choice == DocumentChoice.BM25 ? 1 : 0;
        for (int group = 0; group < 2; group++) {
          double[] logP = {-seed - less, -1 - less, -1 - less - group, -seed - less - group};
          all.add(new Retraining(choice, group, seed, bits(), logP));
        }
      }
    }
    RemovalEffects effects =
        RemovalEffects.of(new Retrainings(all), List.of(List.of(0, 1), List.of(2, 3)));
    assertThat(effects.byGroup().get(DocumentChoice.INFLUENCE)).containsExactly(-3, -4);
    assertThat(effects.byGroup().get(DocumentChoice.RANDOM)).containsExactly(0, -1);
    Estimate more =
        effects.difference(DocumentChoice.INFLUENCE, DocumentChoice.BM25, 500, new Random(1));
    assertThat(more.value()).isEqualTo(-2);
    assertThat(more.interval().exists()).as("two groups have no interval").isFalse();
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
