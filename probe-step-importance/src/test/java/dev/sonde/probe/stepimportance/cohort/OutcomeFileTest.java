package dev.sonde.probe.stepimportance.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.answer.TestResult;
import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.OrSkipped;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.SearchResult;
import dev.sonde.probe.stepimportance.search.SearchVariant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeFileTest {
  @Test
  void whatIsReadBackIsWrittenTheSame() {
    byte[] bytes =
        OutcomeFile.write(
            List.of(found(), new RowOutcome(1, OrSkipped.skipped(SkipReason.SHORTCUT), "7")));
    List<RowOutcome> read = OutcomeFile.read(bytes);

    assertThat(OutcomeFile.write(read)).isEqualTo(bytes);
    assertThat(read.get(1).found().reason()).contains(SkipReason.SHORTCUT);
    SearchResult result = read.getFirst().found().value().orElseThrow();
    assertThat(result.chain().text()).isEqualTo(" Füße. Zwei");
    SearchResult.Core core = result.cores().getFirst();
    assertThat(core.core()).isEqualTo(Mask.of(1));
    assertThat(core.influence().orElseThrow().cells()[1][0]).isEqualTo(0.25);
    assertThat(result.label(core, 0)).isEqualTo(SearchResult.Label.UNLABELLED);
  }

  private static RowOutcome found() {
    Chain chain =
        new Chain(
            "id",
            "group",
            "Q:",
            1,
            new int[] {5, 6, 7},
            List.of(new Step(" Füße.", 1, 2), new Step(" Zwei", 2, 3)));
    InfluenceMatrix influence =
        new InfluenceMatrix(new double[][] {{0, 0}, {0.25, 0}}, new int[] {0, 1});
    SearchResult.Core core =
        new SearchResult.Core(
            SearchVariant.ACTIVATION,
            0.3,
            Mask.first(2),
            Mask.of(1),
            new TestResult(4, 5, 0.9),
            Optional.of(influence));
    SearchResult result = new SearchResult(chain, Mask.first(2), Mask.first(2), List.of(core), 7);
    return new RowOutcome(0, OrSkipped.of(result), "5");
  }
}
