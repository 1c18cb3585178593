package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.worker.Workforce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A probe is asked about what an earlier one made of the rows. */
class MadeColumnsTest {
  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();
  private IntFunction<Object> values = row -> row % 20 < 10 ? "right" : "wrong";
  private int made;

  @BeforeEach
  void writeData() throws IOException {
    RunFixture.writeData(folder);
  }

  /** Gives the rows a column {@code kind}. */
  private final class Making implements Probe {
    @Override
    public Needs needs(Inputs inputs) {
      return Needs.none().makes(List.of("kind", "other"));
    }

    @Override
    public void run(ProbeContext context) {
      made++;
      SequencedMap<String, List<Object>> columns = new LinkedHashMap<>();
      List<Object> column = new ArrayList<>();
      for (int row = 0; row < context.study().size(); row++) {
        column.add(values.apply(row));
      }
      columns.put("kind", column);
      context.saveColumns(context.study(), columns);
    }
  }

  @Test
  void whatAnEarlierProbeMadeIsTheLabelOfALaterOne() throws IOException {
    Runner.Result result = run("run", experiment("custom.kind", "positive: right"));
    assertThat(result.complete()).as("%s", warnings).isTrue();
    Section evaluated = result.report().sections().getLast();
    assertThat(evaluated.notes()).anyMatch(note -> note.contains("20 labelled right"));
    assertThat(folder.resolve("run/artifacts/custom.columns.jsonl"))
        .content()
        .startsWith("{\"id\":\"r00\",\"kind\":\"right\"}\n");
  }

  @Test
  void numbersThatAreMadeAreGradedLabels() throws IOException {
    values = row -> row % 20 / 20.0;
    Runner.Result result = run("run", experiment("custom.kind", "cut: 0.5"));
    assertThat(result.complete()).as("%s", warnings).isTrue();
    assertThat(result.report().sections().getLast().notes())
        .anyMatch(note -> note.contains("labels graded"));
  }

  @Test
  void labelsThatAreAllTheSameLeaveTheirProbeOutAndTheRunFinishes() throws IOException {
    values = row -> "right";
    Runner.Result result = run("run", experiment("custom.kind", "positive: right"));
    assertThat(result.complete()).isFalse();
    assertThat(result.report().sections())
        .extracting(Section::status)
        .containsExactly(Section.Status.OK, Section.Status.SKIPPED);
    String why =
        "probes.1.data.label: column 'custom.kind' has one value only: [right]. The section"
            + " 'custom' says how these labels came about";
    assertThat(result.report().sections().getLast().notes())
        .singleElement()
        .asString()
        .contains(why);
    assertThat(warnings).anyMatch(text -> text.contains(why));
    assertThat(folder.resolve("run/report.html")).exists();
  }

  @Test
  void aResumedRunMakesThemOnceAndWritesTheSameBytes() throws IOException {
    Path file = experiment("custom.kind", "positive: right");
    run("whole", file);
    run("run", file);
    Path run = folder.resolve("run");
    Files.delete(run.resolve("artifacts/evaluating.section.json"));
    Files.delete(run.resolve("report.json"));
    made = 0;
    assertThat(runner().resume(run).complete()).isTrue();
    assertThat(made).isZero();
    for (String name : List.of("report.json", "manifest.json", "artifacts/custom.columns.jsonl")) {
      assertThat(run.resolve(name)).hasSameBinaryContentAs(folder.resolve("whole").resolve(name));
    }
  }

  @Test
  void columnsThatWereEditedAreMadeAgain() throws IOException {
    Path file = experiment("custom.kind", "positive: right");
    run("whole", file);
    run("run", file);
    Path columns = folder.resolve("run/artifacts/custom.columns.jsonl");
    Files.writeString(columns, Files.readString(columns).replaceFirst("right", "wrong"));
    made = 0;
    runner().resume(folder.resolve("run"));
    assertThat(made).isEqualTo(1);
    assertThat(folder.resolve("run/report.json"))
        .hasSameBinaryContentAs(folder.resolve("whole/report.json"));
  }

  @Test
  void whereTheMakerFailsThoseBehindItAreLeftOut() throws IOException {
    values = row -> Double.NaN;
    Runner.Result result = run("run", experiment("custom.kind", "positive: right"));
    assertThat(result.report().sections())
        .extracting(Section::status)
        .containsExactly(Section.Status.FAILED, Section.Status.SKIPPED);
    assertThat(warnings)
        .anyMatch(text -> text.contains("the value NaN of column 'kind' is no text"))
        .anyMatch(text -> text.contains("'custom', which did not finish"));
  }

  @Test
  void aColumnThatNobodyMakesIsRefusedBeforeTheRun() throws IOException {
    refused("the probe 'custom' makes no column 'knid'", experiment("custom.knid", ""));
    refused(
        "the probe 'custom' makes it, and stands behind 'evaluating': put it first",
        written("[{use: evaluating, data: {label: custom.kind}}, {use: custom}]", "label: label"));
    refused(
        "data: { label: custom.kind }",
        written("[{use: custom}, {use: evaluating}]", "label: custom.kind"));
    refused(
        "makes no column 'sure'",
        written(
            "[{use: custom}, {use: evaluating, data: {label: custom.kind, positive: right}}]",
            "confounds: [custom.sure]"));
    assertThat(made).isZero();
  }

  @Test
  void aDryRunSaysThatLabelsAreNotKnownYet() throws IOException {
    Runner.Outlook outlook =
        runner()
            .dryRun(
                ExperimentFile.read(experiment("custom.kind", ""), List.of()),
                folder.resolve("none"));
    assertThat(outlook.lines())
        .contains("power    probe 'evaluating': not known before 'custom' has made its labels");
    assertThat(made).isZero();
  }

  private void refused(String why, Path file) {
    assertThatThrownBy(() -> run("refused", file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(why);
  }

  private Path experiment(String label, String more) throws IOException {
    return written(
        "[{use: custom}, {use: evaluating, data: {label: %s%s}}]"
            .formatted(label, more.isEmpty() ? "" : ", " + more),
        "group: group");
  }

  private Path written(String probes, String data) throws IOException {
    return Files.writeString(
        folder.resolve("e.yaml"),
        """
        sonde: 1
        name: made
        model: {ref: model, backend: fake}
        data: {path: rows.jsonl, text: text, %s}
        evaluation: {permutations: 19, bootstrap: 50}
        probes: %s
        """
            .formatted(data, probes));
  }

  private Runner.Result run(String out, Path file) {
    return runner().run(ExperimentFile.read(file, List.of()), folder.resolve(out), false);
  }

  private Runner runner() {
    return new Runner(
        new Folders(folder, List.of(), folder.resolve("cache"), Map.of()),
        FakePlugin.with(new Making()).registry(),
        Workforce.here(),
        new Warnings(warnings),
        "test");
  }
}
