package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is planted in the micro-world's two labelled data sets comes out in numbers and in words.
 */
class ReasoningDirectionIT {
  @TempDir static Path folder;

  private static Distribution.Said transferred;
  private static Distribution.Said confounded;

  @BeforeAll
  static void runBothExperiments() {
    Distribution sonde = new Distribution(folder).with("SONDE_CACHE", folder.resolve("cache"));
    Path experiments = Distribution.HOME.resolve("experiments");
    transferred =
        sonde.run(
            "run",
            experiments.resolve("reasoning-direction-transfer.yaml").toString(),
            "--out",
            "transferred");
    confounded =
        sonde.run(
            "run",
            experiments.resolve("reasoning-direction.yaml").toString(),
            "--set",
            "data.path="
                + Distribution.HOME
                    .resolve("models/microworld/data/confounded.jsonl")
                    .toAbsolutePath(),
            "--set",
            "probes.direction.with.read=[blocks.*.hook_resid_post]",
            "--set",
            "probes.direction.with.decoders=[difference_of_means, ridge]",
            "--out",
            "confounded");
  }

  @Test
  void thePlantedDirectionSurvivesItsControls() {
    assertThat(transferred.code()).as(transferred.err()).isZero();
    assertThat(transferred.out())
        .containsPattern("decodable +yes")
        .containsPattern("survives controls +yes");
    Report report = Report.of(folder.resolve("transferred"));
    assertThat(report.value("auroc.margin")).isGreaterThan(0.2);
    assertThat(report.value("mdl.bits_per_label")).isLessThan(0.5);
  }

  @Test
  void aLabelThatFollowsTheWordingIsNoEvidenceOfReasoning() {
    assertThat(confounded.code()).as(confounded.err()).isZero();
    assertThat(confounded.out())
        .containsPattern("survives controls +no")
        .contains("no evidence of 'reasoning'");
    Report report = Report.of(folder.resolve("confounded"));
    assertThat(report.value("auroc.nested")).isGreaterThan(0.9);
    assertThat(report.value("baseline.length")).isGreaterThan(0.9);
    assertThat(report.value("auroc.residualised")).isBetween(0.4, 0.6);
  }

  @Test
  void whatLdaFindsInOneSetSaysNothingOfTheOther() {
    Report report = Report.of(folder.resolve("transferred"));
    List<Map<String, Object>> across =
        report.metrics().stream()
            .filter(m -> m.get("name").equals("transfer.auroc"))
            .filter(m -> where(m, "best").equals("true"))
            .filter(m -> where(m, "method").equals("lda"))
            .filter(m -> !where(m, "from").equals(where(m, "to")))
            .toList();
    assertThat(across).isNotEmpty();
    assertThat(across).allSatisfy(m -> assertThat((Double) m.get("value")).isBetween(0.35, 0.65));
  }

  @Test
  void foldsAndHeldOutScoresAreKept() {
    assertThat(Files.exists(folder.resolve("confounded/artifacts/direction.heldout.safetensors")))
        .isTrue();
  }

  private static String where(Map<String, Object> metric, String key) {
    return String.valueOf(((Map<?, ?>) metric.get("where")).get(key));
  }
}
