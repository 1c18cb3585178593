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
  private static Distribution.Said steered;
  private static Distribution.Said unable;

  @BeforeAll
  static void runTheExperiments() {
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
            "--set",
            "probes.direction.with.steer=false",
            "--out",
            "confounded");
    steered =
        sonde.run(
            "run",
            experiments.resolve("reasoning-direction.yaml").toString(),
            "--set",
            "probes.direction.with.read=[blocks.*.hook_resid_post]",
            "--set",
            "probes.direction.with.decoders=[difference_of_means]",
            "--set",
            "evaluation.random_init=false",
            "--out",
            "steered");
    unable =
        sonde.run(
            "run",
            experiments.resolve("reasoning-direction.yaml").toString(),
            "--backend",
            "reference",
            "--set",
            "data.limit=120",
            "--set",
            "probes.direction.with.read=[blocks.0.hook_resid_post]",
            "--set",
            "probes.direction.with.decoders=[difference_of_means]",
            "--set",
            "evaluation.random_init=false",
            "--out",
            "unable");
  }

  @Test
  void thePlantedDirectionIsDecodedButTheEmbeddingsOfItsWordsDoAsWell() {
    assertThat(transferred.code()).as(transferred.err()).isZero();
    assertThat(transferred.out())
        .containsPattern("yes +Can 'reasoning' be told")
        .containsPattern("no +Do the activations tell more of 'reasoning'");
    Report report = Report.of(folder.resolve("transferred"));
    assertThat(report.value("auroc.nested") - report.value("baseline.bag_of_words"))
        .isGreaterThan(0.2);
    assertThat(report.value("baseline.embedding_mean")).isGreaterThan(0.95);
    assertThat(report.value("mdl.bits_per_label")).isLessThan(0.5);
  }

  @Test
  void aLabelThatFollowsTheWordingIsNoEvidenceOfReasoning() {
    assertThat(confounded.code()).as(confounded.err()).isZero();
    assertThat(confounded.out())
        .containsPattern("no +Do the activations tell more of 'reasoning'")
        .containsPattern("(no|cannot be told) +Is 'reasoning' still readable");
    Report report = Report.of(folder.resolve("confounded"));
    assertThat(report.value("auroc.nested")).isGreaterThan(0.9);
    assertThat(report.value("baseline.length")).isGreaterThan(0.9);
    assertThat(report.value("auroc.residualised")).isBetween(0.4, 0.6);
  }

  @Test
  void whatTellsTheKindsApartDoesNotCarryOverToLabelsThatFollowTheWording() {
    assertThat(transferred.out())
        .containsPattern("no +Does what tells 'reasoning' here tell it on 'confounded' too");
    Report report = Report.of(folder.resolve("transferred"));
    List<Map<String, Object>> across =
        report.metrics().stream()
            .filter(m -> m.get("name").equals("transfer.auroc"))
            .filter(m -> where(m, "from").equals("data") && where(m, "to").equals("confounded"))
            .toList();
    assertThat(across)
        .isNotEmpty()
        .allSatisfy(m -> assertThat((Double) m.get("value")).isBetween(0.35, 0.65));
  }

  @Test
  void theModelBeforeItsLastPhaseHasTheSameDirection() {
    Report report = Report.of(folder.resolve("transferred"));
    assertThat(
            report.metrics().stream()
                .filter(m -> m.get("name").equals("direction.agreement"))
                .filter(m -> where(m, "with_model").equals("before")))
        .isNotEmpty()
        .allSatisfy(m -> assertThat((Double) m.get("value")).isGreaterThan(0.9));
  }

  @Test
  void answersFollowTheDirectionAndNoOtherButTheModelDoesNotStayWhole() {
    assertThat(steered.code()).as(steered.err()).isZero();
    assertThat(steered.out())
        .containsPattern("no +Do answers follow the direction while the model stays whole")
        .contains("change of its predictions (KL)");
    Report report = Report.of(folder.resolve("steered"));
    assertThat(report.value("steer.p_random_direction")).isLessThanOrEqualTo(0.02);
    assertThat(report.value("steer.p_exchanged_labels")).isLessThanOrEqualTo(0.02);
    assertThat(flips(report, "memory", 2)).isGreaterThan(0.9);
    assertThat(flips(report, "reasoning", -2)).isGreaterThan(0.9);
    assertThat(steered(report, "steer.accuracy", "reasoning", -2))
        .as("who answers at once what has to be computed is rarely right")
        .isLessThan(0.5);
    assertThat(report.value("steer.accuracy_unsteered")).isGreaterThan(0.9);
  }

  private static double flips(Report report, String subset, double alpha) {
    return steered(report, "steer.flips", subset, alpha);
  }

  private static double steered(Report report, String name, String subset, double alpha) {
    return report.metrics().stream()
        .filter(m -> m.get("name").equals(name))
        .filter(m -> where(m, "mode").equals("add") && where(m, "subset").equals(subset))
        .filter(m -> Double.parseDouble(where(m, "alpha")) == alpha)
        .mapToDouble(m -> (Double) m.get("value"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aBackendThatCannotSteerLeavesTheRestOfTheReportStanding() {
    assertThat(unable.code()).as(unable.err()).isZero();
    assertThat(unable.out())
        .containsPattern(" +Can 'reasoning' be told")
        .doesNotContain("follow the direction");
    assertThat(folder.resolve("unable/report.md"))
        .content()
        .contains("Steering was left out: the backend does not know the intervention add");
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
