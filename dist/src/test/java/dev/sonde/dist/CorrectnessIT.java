package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The labels of a probe are what the model itself answers. */
class CorrectnessIT {
  private static final Path EXPERIMENT = Distribution.HOME.resolve("experiments/correctness.yaml");

  @TempDir static Path folder;

  private static Distribution sonde;

  @BeforeAll
  static void run() {
    sonde = new Distribution(folder);
    Distribution.Said said = run("whole");
    assertThat(said.code()).as(said.err()).isZero();
  }

  private static Distribution.Said run(String out, String... more) {
    List<Object> arguments = new ArrayList<>(List.of("run", EXPERIMENT));
    arguments.addAll(List.of("--set", "data.limit=160", "--set", "model.with.threads=1"));
    arguments.addAll(List.of(more));
    arguments.addAll(List.of("--out", out));
    return sonde.run(arguments.toArray());
  }

  @Test
  void recalledValuesAreRightAndTheEvaluationIsAskedAboutThat() throws IOException {
    Path run = folder.resolve("whole");
    Report answers = Report.of(run, "answers");
    double right = answers.value("answers.right");
    assertThat(right).isBetween(60.0, 110.0);
    assertThat(answers.value("answers.wrong")).isEqualTo(160 - right);
    assertThat(Files.readAllLines(run.resolve("artifacts/answers.answers.jsonl")))
        .hasSize(160 * 4)
        .allMatch(line -> line.contains("\"outcome\": \""));
    assertThat(Files.readAllLines(run.resolve("artifacts/answers.columns.jsonl")))
        .hasSize(160)
        .filteredOn(line -> line.contains("\"correct\":\"right\""))
        .hasSize((int) right);
    Report correctness = Report.of(run, "correctness");
    assertThat(correctness.value("auroc.nested")).isGreaterThan(0.8);
  }

  @Test
  void aRunThatStoppedAfterTheAnswersGoesOnWithThemAndWritesTheSameBytes() throws IOException {
    Path run = folder.resolve("stopped");
    copy(folder.resolve("whole"), run);
    Files.delete(run.resolve("artifacts/correctness.section.json"));
    Files.delete(run.resolve("artifacts/agreement.section.json"));
    for (String late : List.of("report.json", "report.md", "report.html", "manifest.json")) {
      Files.delete(run.resolve(late));
    }
    Distribution.Said said = sonde.run("resume", "stopped");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.err()).doesNotContain("answers: answers");
    for (String name : List.of("report.json", "artifacts/answers.answers.jsonl")) {
      assertThat(run.resolve(name)).hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
    }
    assertThat(sonde.run("verify", "stopped").code()).isZero();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  @Test
  void workersGiveTheSameBytes() throws IOException {
    Distribution.Said said = run("workers", "--workers", "2");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(folder.resolve("workers/report.json"))
        .hasSameBinaryContentAs(folder.resolve("whole/report.json"));
  }

  @Test
  void answersThatAreAllWrongLeaveTheirProbesOutWithARemedy() throws IOException {
    Distribution.Said said =
        run("wrong", "--set", "probes.answers.with.stops=[0,1,2,3,4,5,6,7,8,9]");
    assertThat(said.code()).as(said.err()).isEqualTo(3);
    assertThat(said.out().replaceAll("\\s+", " "))
        .contains("All 160 answers to data are wrong")
        .contains("Take easier questions, check that answers are read as they are meant")
        .contains("correctness (probe-linear, skipped)")
        .contains("column 'answers.correct' has one value only: [wrong]");
    assertThat(folder.resolve("wrong/report.html")).exists();
  }

  @Test
  void aDryRunSaysHowManyAnswersTheModelIsToWrite() {
    Distribution.Said said = run("none", "--dry-run");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(said.out())
        .contains("The model writes 640 answers: 160 rows, 4 each, at temperature 1.0")
        .contains("power    probe 'correctness': not known before 'answers' has made its labels");
  }
}
