package dev.sonde.probe.stepimportance.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.probe.Artifact;
import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.answer.TestedSubsequence;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.StepScores;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.LeftOut;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import dev.sonde.probe.stepimportance.search.Shortcut;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class OutcomeArtifactTest {
  private static final double[][] CELLS = {{0, 0}, {0.25, 0}};

  @Test
  void whatIsReadBackIsWhatWasWritten() {
    List<RowOutcome> outcomes =
        List.of(
            new RowOutcome(31, OrSkipped.of(result()), "5"),
            new RowOutcome(
                32,
                OrSkipped.skipped(
                    new LeftOut(SkipReason.SHORTCUT, "1 of 5", List.of("5}", "", "𝟚\n"))),
                ""));
    Artifact written = OutcomeArtifact.of(outcomes);

    assertThat(OutcomeArtifact.read(written))
        .usingRecursiveComparison()
        .withEqualsForType(Double::equals, Double.class)
        .isEqualTo(outcomes);
  }

  private static SearchResult result() {
    Chain chain =
        new Chain(
            "id",
            "group",
            "Q:",
            1,
            new int[] {5, 6, 7},
            List.of(new Step(" Füße.", 1, 2), new Step(" 𝟚wei", 2, 3)));
    List<SearchResult.Core> cores =
        List.of(
            core(
                SearchVariant.ACTIVATION,
                0.3,
                Optional.of(new InfluenceMatrix(CELLS, new int[] {0, -1}))),
            core(SearchVariant.RANDOM, Double.NaN, Optional.empty()));
    List<Shortcut> shortcuts = List.of(new Shortcut(1, Shortcut.Why.SUFFICES));
    List<TestedSubsequence> tested =
        List.of(
            new TestedSubsequence(Mask.of(), 1, Double.NaN),
            new TestedSubsequence(Mask.of(0), TestedSubsequence.NOT_SAMPLED, 1.5));
    return new SearchResult(chain, shortcuts, Mask.first(1), cores, tested, true);
  }

  private static SearchResult.Core core(
      SearchVariant variant, double theta, Optional<InfluenceMatrix> influence) {
    TestResult tested = new TestResult(4, 5, 0.9);
    SequencedMap<String, double[]> scores = new LinkedHashMap<>();
    scores.put("mean_influence", new double[] {0.5, Double.NaN});
    return new SearchResult.Core(
        variant,
        theta,
        Mask.first(2),
        List.of(Mask.of(1), Mask.of(0)),
        tested,
        true,
        new SearchResult.Trials(1, 2, 3),
        influence,
        new StepScores(scores));
  }
}
