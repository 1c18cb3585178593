package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demonstration as a newcomer runs it, on both backends. */
class DemoIT {
  @TempDir static Path folder;

  private static Distribution sonde;
  private static Distribution.Said pytorch;
  private static Distribution.Said reference;

  @BeforeAll
  static void runBothDemos() {
    sonde = new Distribution(folder).with("SONDE_CACHE", folder.resolve("cache"));
    pytorch = sonde.run("demo", "--out", "pytorch");
    // In a folder of its own: reports name other experiments on the same data beside them.
    reference = sonde.run("demo", "--backend", "reference", "--out", "other/reference");
  }

  @Test
  void bothDemosFinishAndSayWhereTheirReportLies() {
    assertThat(pytorch.code()).as(pytorch.err()).isZero();
    assertThat(reference.code()).as(reference.err()).isZero();
    assertThat(pytorch.lastLine()).isEqualTo("pytorch");
    assertThat(pytorch.out()).contains("nested AUROC").contains("pytorch/report.html");
  }

  @Test
  void theModelKnowsAMemorisedValueBeforeItSaysIt() {
    Report report = Report.of(folder.resolve("pytorch"), "answer");
    List<Double> byBlock = report.values("auroc", "grouped");
    assertThat(byBlock).as("a curve with a shape").anyMatch(value -> value >= 0.95);
    assertThat(byBlock).anyMatch(value -> value <= 0.65);
    assertThat(report.value("auroc.nested")).isGreaterThanOrEqualTo(0.9);
    assertThat(report.value("p.max_over_layers")).isLessThanOrEqualTo(0.01);
    assertThat(report.value("auroc.margin")).isGreaterThanOrEqualTo(0.3);
    Map<String, Object> words = report.metric("baseline.bag_of_words");
    assertThat((Double) words.get("low")).isLessThanOrEqualTo(0.5);
    assertThat((Double) words.get("high")).isGreaterThanOrEqualTo(0.5);
  }

  @Test
  void theKindOfQuestionIsATrapBecauseTheWordsTellIt() {
    Report report = Report.of(folder.resolve("pytorch"), "kind");
    assertThat(report.value("auroc.nested")).isGreaterThanOrEqualTo(0.9);
    assertThat(report.value("baseline.embedding_mean")).isGreaterThanOrEqualTo(0.95);
    assertThat(pytorch.out())
        .containsPattern("yes +Do the activations tell more of 'high answer'")
        .containsPattern("no +Do the activations tell more of 'reasoning'");
  }

  @Test
  void theOtherBackendCapturesTheSameFromItsOwnPass() {
    Report first = Report.of(folder.resolve("pytorch"));
    Report second = Report.of(folder.resolve("other/reference"));
    List<Double> expected = first.values("auroc", "grouped");
    List<Double> actual = second.values("auroc", "grouped");
    assertThat(actual).hasSameSizeAs(expected).isNotEmpty();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(actual.get(i)).isCloseTo(expected.get(i), within(1e-3));
    }
    assertThat(timing("other/reference", "rows_captured")).isEqualTo(576);
  }

  @Test
  void aSecondRunTouchesNoModelAndWritesTheSameBytes() throws IOException {
    assertThat(sonde.run("demo", "--out", "again").code()).isZero();
    assertThat(timing("again", "rows_captured")).isZero();
    for (String name : List.of("report.json", "report.html", "manifest.json")) {
      assertThat(folder.resolve("again").resolve(name))
          .hasSameBinaryContentAs(folder.resolve("pytorch").resolve(name));
    }
    assertThat(sonde.run("verify", "again").code()).isZero();
    Files.writeString(folder.resolve("again/report.md"), "better");
    Distribution.Said verified = sonde.run("verify", "again");
    assertThat(verified.code()).isEqualTo(2);
    assertThat(verified.err()).contains("report.md has changed");
    assertThat(sonde.run("report", "again").code()).isZero();
    assertThat(sonde.run("verify", "again").code()).isZero();
  }

  @Test
  void anInterruptedRunIsConsistentAndGoesOnToTheSameReport() throws Exception {
    Process process = sonde.start("demo", "--out", "interrupted");
    Path begun = folder.resolve("interrupted/experiment.yaml");
    while (process.isAlive() && !Files.exists(begun)) {
      Thread.sleep(20); // a core that spins would be missed by what runs beside it
    }
    process.destroy();
    sonde.process(process);
    assertThat(folder.resolve("interrupted/report.json")).doesNotExist();

    Distribution.Said resumed = sonde.run("resume", "interrupted");

    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(folder.resolve("interrupted/report.json"))
        .hasSameBinaryContentAs(folder.resolve("pytorch/report.json"));
  }

  private static double timing(String run, String what) {
    return ((Number) Report.json(folder.resolve(run).resolve("timing.json")).get(what))
        .doubleValue();
  }
}
