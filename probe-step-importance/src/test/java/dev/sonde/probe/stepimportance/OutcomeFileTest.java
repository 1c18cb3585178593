package dev.sonde.probe.stepimportance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.probe.stepimportance.chain.Chain;
import dev.sonde.probe.stepimportance.chain.Mask;
import dev.sonde.probe.stepimportance.chain.SkipReason;
import dev.sonde.probe.stepimportance.chain.Step;
import dev.sonde.probe.stepimportance.search.Finding;
import dev.sonde.probe.stepimportance.search.InfluenceMatrix;
import dev.sonde.probe.stepimportance.search.Variant;
import dev.sonde.probe.stepimportance.search.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutcomeFileTest {
  @Test
  void whatIsReadBackIsWrittenTheSame() {
    byte[] bytes = OutcomeFile.write(List.of(found(), Outcome.skipped(1, SkipReason.SHORTCUT)));
    List<Outcome> read = OutcomeFile.read(bytes);

    assertThat(OutcomeFile.write(read)).isEqualTo(bytes);
    assertThat(read.get(1).skipped()).contains(SkipReason.SHORTCUT);
    Finding finding = read.getFirst().finding().orElseThrow();
    assertThat(finding.chain().text()).isEqualTo(" Füße. Zwei");
    Finding.Core core = finding.cores().getFirst();
    assertThat(core.core()).isEqualTo(Mask.of(1));
    assertThat(core.influence().orElseThrow().cells()[1][0]).isEqualTo(0.25);
    assertThat(finding.label(core, 0)).isEqualTo(Finding.Label.UNLABELLED);
  }

  @Test
  void textsInJsonAreEscaped() {
    assertThat(Json.text("a\"b\\c\n\u0001")).isEqualTo("\"a\\\"b\\\\c\\n\\u0001\"");
    assertThat(Json.number(Double.NaN)).isEqualTo("null");
  }

  private static Outcome found() {
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
    Finding.Core core =
        new Finding.Core(
            Variant.ACTIVATION,
            0.3,
            Mask.first(2),
            Mask.of(1),
            new Verdict(4, 5, 0.9),
            Optional.of(influence));
    Finding finding = new Finding(chain, Mask.first(2), Mask.first(2), List.of(core), 7);
    return new Outcome(0, Optional.of(finding), Optional.empty(), "5");
  }
}
