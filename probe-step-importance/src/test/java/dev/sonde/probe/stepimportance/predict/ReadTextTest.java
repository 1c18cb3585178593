package dev.sonde.probe.stepimportance.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.probe.stepimportance.LetterPairs;
import dev.sonde.probe.stepimportance.PretendModel;
import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.attribution.StepScores;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.StepTokens;
import dev.sonde.probe.stepimportance.cohort.SearchedChain;
import dev.sonde.probe.stepimportance.learn.StepActivations;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import dev.sonde.probe.stepimportance.search.Shortcut;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is read of a step follows from the text that its label is about, up to that step. */
class ReadTextTest {
  private static final LabelledSteps.Rule RULE =
      new LabelledSteps.Rule(SearchVariant.RANDOM, 1, 200, false);

  /** Five steps of which the second is a shortcut and the last stands behind the prefix. */
  private static SearchedChain searched(String third, String fourth, String fifth) {
    Chain chain =
        StepTokens.chain(
                new LetterPairs(),
                "id",
                "g",
                "pq",
                false,
                List.of("aa", "05", third, fourth, fifth))
            .orElseThrow();
    SearchResult.Core core =
        new SearchResult.Core(
            SearchVariant.RANDOM,
            Double.NaN,
            Mask.of(0, 2, 3),
            List.of(Mask.of(0)),
            new TestResult(5, 5, 1),
            true,
            new SearchResult.Trials(0, 0, 1),
            Optional.empty(),
            StepScores.NONE);
    List<Shortcut> shortcuts = List.of(new Shortcut(1, Shortcut.Why.STATES));
    SearchResult result =
        new SearchResult(chain, shortcuts, Mask.of(0, 2, 3), List.of(core), List.of(), false);
    return new SearchedChain(result, "5", Optional.empty());
  }

  private static LabelledSteps labelled(SearchedChain searched) {
    return LabelledSteps.of(List.of(searched), RULE, new Random(1));
  }

  @Test
  void theTextHasNoShortcutsAndEndsWithThePrefix() {
    LabelledSteps.Labelled step = labelled(searched("bb", "cc", "dd")).steps().getFirst();

    assertThat(step.chain().prompt() + step.chain().text()).isEqualTo("pqaabbcc");
    assertThat(new LetterPairs().decode(step.chain().tokens())).isEqualTo("pqaabbcc");
    assertThat(step.chain().steps()).extracting(s -> s.fromToken()).containsExactly(1, 2, 3);
  }

  @Test
  void laterStepsReachNoFeatureOfAnEarlierOne() {
    StepActivations one = read(searched("bb", "cc", "dd"));
    StepActivations other = read(searched("bb", "xx", "yyyy"));
    StepActivations changed = read(searched("zz", "cc", "dd"));

    for (Matrix[] pair : pairs(one, other)) {
      assertThat(pair[1].row(0)).containsExactly(pair[0].row(0));
      assertThat(pair[1].row(1)).containsExactly(pair[0].row(1));
      assertThat(pair[1].row(2)).isNotEqualTo(pair[0].row(2));
    }
    for (Matrix[] pair : pairs(one, changed)) {
      assertThat(pair[1].row(0)).containsExactly(pair[0].row(0));
      assertThat(pair[1].row(1)).as("its own text").isNotEqualTo(pair[0].row(1));
    }
  }

  private static List<Matrix[]> pairs(StepActivations one, StepActivations other) {
    return IntStream.range(0, StepActivations.POSITIONS.size())
        .mapToObj(position -> new Matrix[] {one.layerwise(position), other.layerwise(position)})
        .toList();
  }

  /** All steps of the text, whatever their labels. */
  private static StepActivations read(SearchedChain searched) {
    Chain text = searched.result().searched();
    List<LabelledSteps.Labelled> steps =
        IntStream.range(0, text.size())
            .mapToObj(index -> new LabelledSteps.Labelled(text, index, true))
            .toList();
    PretendModel model = new PretendModel(t -> true, (target, source) -> 1);
    return StepActivations.read(model, new LabelledSteps(steps).inContext());
  }

  @Test
  void chainsInWhichNothingCouldBeRemovedGiveNoLabels() {
    SearchResult result = searched("bb", "cc", "dd").result();
    SearchResult.Core found = result.cores().getFirst();
    SearchResult.Core whole =
        new SearchResult.Core(
            found.variant(),
            found.theta(),
            found.start(),
            List.of(found.start()),
            found.tested(),
            true,
            found.trials(),
            found.influence(),
            found.scores());
    SearchedChain kept =
        new SearchedChain(
            new SearchResult(
                result.chain(),
                result.shortcuts(),
                result.prefix(),
                List.of(whole),
                List.of(),
                false),
            "5",
            Optional.empty());

    assertThat(new LabelledSteps.Rule(SearchVariant.RANDOM, 1, 200, true).takes(kept)).isFalse();
    assertThat(RULE.takes(kept)).isTrue();
  }
}
