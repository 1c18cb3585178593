package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps that the micro-world's chains need are found, and bad rows harm nobody else. */
class StepImportanceIT {
  private static final int CHAINS = 12;

  @TempDir static Path folder;

  private static Distribution sonde;
  private static Report report;

  @BeforeAll
  static void searchSomeChains() {
    sonde = new Distribution(folder).with("SONDE_CACHE", folder.resolve("cache"));
    Distribution.Said said =
        sonde.run(
            command("whole", CHAINS, "probes.steps.with.probe=linear", "probes.steps.with.epochs=2")
                .toArray());
    assertThat(said.code()).as(said.err()).isZero();
    report = Report.of(folder.resolve("whole"));
  }

  private static List<Object> command(String out, int chains, String... settings) {
    List<Object> command =
        new ArrayList<>(
            List.of(
                "run",
                Distribution.HOME.resolve("experiments/step-importance.yaml"),
                "--set",
                "data.limit=" + chains,
                "--set",
                "probes.steps.with.cohort=6",
                "--out",
                out));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    return command;
  }

  @Test
  void thePlantedStepsAreTheCore() {
    assertThat(report.value("planted.precision")).isGreaterThan(0.8);
    assertThat(report.value("planted.recall")).isGreaterThan(0.8);
    assertThat(report.value("planted.removable")).isGreaterThan(0.8);
    assertThat(report.value("chains.used")).isGreaterThan(CHAINS / 2.0);
  }

  @Test
  void labelsAndInfluenceAreWrittenAndCostsStandApart() throws IOException {
    assertThat(Files.readString(folder.resolve("whole/artifacts/steps.labels.jsonl")))
        .contains("\"labels\": [", "\"core\": [", "\"attainability\": ");
    assertThat(folder.resolve("whole/artifacts/steps.influence.safetensors")).isNotEmptyFile();
    assertThat(Files.readString(folder.resolve("whole/timing.json")))
        .contains("cost.forward_tokens", "cost.tokens_saved_by_prefixes");
    assertThat(Files.readString(folder.resolve("whole/report.json"))).doesNotContain("cost.");
  }

  @Test
  void aRunThatWasKilledGoesOnToTheSameBytes() throws Exception {
    Process process =
        sonde.start(
            command(
                    "killed",
                    CHAINS,
                    "probes.steps.with.probe=linear",
                    "probes.steps.with.epochs=2")
                .toArray());
    Path cohorts = folder.resolve("killed/stages/steps/cohorts");
    while (process.isAlive() && !Files.exists(cohorts.resolve("rows-00000.safetensors"))) {
      Thread.onSpinWait();
    }
    process.destroyForcibly().waitFor();
    assertThat(folder.resolve("killed/report.json")).doesNotExist();

    Distribution.Said resumed = sonde.run("resume", folder.resolve("killed"));

    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(folder.resolve("killed/report.json"))
        .hasSameBinaryContentAs(folder.resolve("whole/report.json"));
    assertThat(folder.resolve("killed/artifacts/steps.influence.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("whole/artifacts/steps.influence.safetensors"));
    try (Stream<Path> left = Files.list(folder.resolve("killed"))) {
      assertThat(left.map(file -> String.valueOf(file.getFileName()))).doesNotContain("unfinished");
    }
  }

  @Test
  void badRowsAreLeftOutAndCounted() throws IOException {
    String question =
        "Q : d 9 . b 8 . e 7 . H -8 e . M +3 b . G *2 m . J +11 m . what is j + g ? A :";
    String steps =
        "[\"H -8 e 7 : h 12 .\", \"M +3 b 8 : m 11 .\", \"G *2 m 11 : g 9 .\", \"J +11 m 11 : j 9 .\"]";
    String row = "{\"id\": \"%s\", \"question\": \"%s\", \"answer\": \"%s\", \"steps\": %s}\n";
    Path rows = folder.resolve("bad.jsonl");
    Files.writeString(
        rows,
        row.formatted("good", question, "5", steps)
            + row.formatted("one", question, "5", "[\"G *2 m 11 : g 9 .\"]")
            + row.formatted("unanswered", question, "no number", steps)
            + row.formatted("wrong", question, "7", steps)
            + row.formatted(
                "long",
                question,
                "5",
                "[\"H -8 e 7 : h 12 .\", \"" + "g 9 . ".repeat(300).strip() + "\"]"));
    Distribution.Said said =
        sonde.run(
            command("bad", CHAINS, "data.path=" + rows, "probes.steps.with.probe=none").toArray());

    assertThat(said.code()).as(said.err()).isZero();
    assertThat(skipped(Report.of(folder.resolve("bad"))))
        .containsEntry("one_step", 1.0)
        .containsEntry("no_answer", 1.0)
        .containsEntry("never_reached", 1.0)
        .containsEntry("too_long", 1.0);
    assertThat(Files.readString(folder.resolve("bad/artifacts/steps.left-out.jsonl")))
        .contains("\"id\": \"wrong\", \"reason\": \"never_reached\"", "accepted is 7");
    assertThat(said.out()).contains("wrong").contains("answer: own");
  }

  @Test
  void theReportSaysWhatIsNotThePapers() throws IOException {
    assertThat(Files.readString(folder.resolve("whole/report.json")))
        .contains("Options that are not the paper's", "root_influence", "lasting");
    assertThat(Files.readString(folder.resolve("whole/artifacts/steps.steps.jsonl")))
        .contains("\"mean_influence\": ", "\"characters\": [", "\"kept\": [");
  }

  private static Map<Object, Double> skipped(Report of) {
    return of.metrics().stream()
        .filter(metric -> metric.get("name").equals("chains.skipped"))
        .collect(
            Collectors.toMap(
                metric -> ((Map<?, ?>) metric.get("where")).get("reason"),
                metric -> (Double) metric.get("value")));
  }
}
