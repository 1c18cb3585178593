package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.report.Figure;
import dev.sonde.api.report.Metric;
import dev.sonde.api.report.Table;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.report.Opening;
import dev.sonde.engine.report.ReportJson;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.worker.Workforce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerTest {
  private static final Consumer<ProbeContext> NOTHING = context -> {};
  private static final Predicate<String> NAMES_OTHERS = note -> note.contains("earlier run");

  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void writeData() throws IOException {
    RunFixture.writeData(folder);
  }

  @Test
  void aRunWritesItsWholeFolder() throws IOException {
    Runner.Result result = run(new FakePlugin(NOTHING), "first", "evaluating");
    assertThat(result.complete()).isTrue();
    assertThat(names("first"))
        .contains(
            "experiment.yaml",
            "manifest.json",
            "report.json",
            "report.md",
            "report.html",
            "journal.jsonl",
            "timing.json",
            "log",
            "artifacts/evaluating.ones.safetensors")
        .noneMatch(name -> name.endsWith(".unfinished"));
  }

  @Test
  void aSecondRunTouchesNoModelAndWritesTheSameBytes() throws IOException {
    FakePlugin plugin = new FakePlugin(NOTHING);
    run(plugin, "first", "evaluating");
    assertThat(plugin.computed()).isNotEmpty();
    plugin.computed().clear();

    run(plugin, "second", "evaluating");

    assertThat(plugin.computed()).isEmpty();
    assertSame("first", "second");
  }

  @Test
  void addingASiteComputesThatSiteOnly() throws IOException {
    FakePlugin plugin =
        new FakePlugin(c -> c.capture(CaptureRequest.of(List.of("hook_embed"), "first")));
    run(plugin, "first", "evaluating");
    plugin.computed().clear();
    run(plugin, "second", "evaluating", "custom");
    assertThat(plugin.computed()).singleElement().hasToString("hook_embed@first");
  }

  @Test
  void aResumedRunEqualsAnUninterruptedOne() throws IOException {
    boolean[] broken = {true};
    FakePlugin plugin =
        new FakePlugin(
            context -> {
              context.report().metric(Metric.of("drawn", context.random("x").nextDouble()));
              if (broken[0]) {
                throw new IllegalStateException("the power went out");
              }
            });
    assertThat(run(plugin, "broken", "evaluating", "custom").complete()).isFalse();
    broken[0] = false;
    Runner.Result resumed = runner(plugin).resume(folder.resolve("broken"));
    run(plugin, "whole", "evaluating", "custom");
    assertThat(resumed.complete()).isTrue();
    assertSame("whole", "broken");
  }

  @Test
  void aResumedRunWhoseDataChangedIsRefused() throws IOException {
    FakePlugin plugin = new FakePlugin(NOTHING);
    run(plugin, "first", "evaluating");
    Files.writeString(
        folder.resolve("rows.jsonl"),
        Files.readString(folder.resolve("rows.jsonl")).replace("now", "then"));
    assertThatThrownBy(() -> runner(plugin).resume(folder.resolve("first")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("changed since the run began");
  }

  @Test
  void aProbeThatFailsIsASectionAndOthersFinish() throws IOException {
    FakePlugin plugin =
        new FakePlugin(
            context -> {
              throw new IllegalStateException("no such thing");
            });
    Runner.Result result = run(plugin, "first", "custom", "evaluating");
    assertThat(result.complete()).isFalse();
    assertThat(result.report().sections())
        .extracting(Section::status)
        .containsExactly(Section.Status.FAILED, Section.Status.OK);
    assertThat(result.report().sections().getFirst().notes())
        .anyMatch(note -> note.contains("no such thing"));
    assertThat(warnings).anyMatch(w -> w.contains("probe 'custom' failed"));
    assertThat(folder.resolve("first/log")).content().contains("no such thing");
  }

  @Test
  void aProbeThatCannotBeMadeIsASectionAndOthersFinish() throws IOException {
    Runner.Result result = run(new FakePlugin(NOTHING), "first", "unmade", "evaluating");
    assertThat(result.report().sections())
        .extracting(Section::status)
        .containsExactly(Section.Status.FAILED, Section.Status.OK);
    assertThat(warnings)
        .anyMatch(
            w ->
                w.contains("plugin 'fake' failed when it was to make the probe 'unmade'")
                    && w.contains("no luck, at dev.sonde.engine.run.FakePlugin"));
  }

  @Test
  void aDecoderThatGivesNoNumbersIsLeftOutByNameAndTheOthersAreEvaluated() throws IOException {
    Runner.Result result = run(new FakePlugin(NOTHING), "both", "evaluating_both");
    Runner.Result alone = run(new FakePlugin(NOTHING), "alone", "evaluating");
    Section section = result.report().sections().getFirst();
    assertThat(section.status()).isEqualTo(Section.Status.FAILED);
    assertThat(section.notes())
        .anyMatch(n -> n.contains("'broken' of plugin 'fake' gave a score that is no number: NaN"));
    assertThat(section.metrics().stream().map(RunnerTest::shown).toList())
        .isEqualTo(
            alone.report().sections().getFirst().metrics().stream()
                .map(RunnerTest::shown)
                .toList());
  }

  @Test
  void aDecoderThatFailsInTheThirdFoldLeavesTheProbesFiles() throws IOException {
    assertLeftOut("{fits: 2}", "worn out", "(in: cross-validation)");
  }

  @Test
  void aDecoderThatFailsOnExchangedLabelsOnlyLeavesTheProbesFiles() throws IOException {
    assertLeftOut("{exchanged: true}", "worn out", "(in: permutations)");
  }

  private void assertLeftOut(String settings, String... said) throws IOException {
    experiment("evaluating_both");
    Files.writeString(
        folder.resolve("e.yaml"),
        "decoders: {broken: %s}\n".formatted(settings),
        StandardOpenOption.APPEND);
    Experiment both = ExperimentFile.read(folder.resolve("e.yaml"), List.of());
    FakePlugin plugin = new FakePlugin(NOTHING);

    Runner.Result result = runner(plugin).run(both, folder.resolve("both"), false);

    run(plugin, "alone", "evaluating");
    Section section = result.report().sections().getFirst();
    assertThat(section.status()).isEqualTo(Section.Status.FAILED);
    assertThat(section.notes()).anySatisfy(note -> assertThat(note).contains(said));
    assertThat(warnings).anySatisfy(warning -> assertThat(warning).contains(said));
    assertThat(section.metrics()).anyMatch(metric -> metric.name().equals("seen"));
    assertThat(folder.resolve("both/artifacts/evaluating_both.ones.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("alone/artifacts/evaluating.ones.safetensors"));
    Section alone =
        ReportJson.readSection(folder.resolve("alone/artifacts/evaluating.section.json"));
    assertThat(Opening.of(section)).isEqualTo(Opening.of(alone));
    byte[] markdown = Files.readAllBytes(folder.resolve("both/report.md"));
    Runner.render(folder.resolve("both"));
    assertThat(folder.resolve("both/report.md")).hasBinaryContent(markdown);
  }

  private static String shown(Metric metric) {
    return metric.name() + metric.where() + metric.value();
  }

  @Test
  void settingsOfADecoderStandInTheExperiment() throws IOException {
    Experiment experiment = experiment("evaluating_both");
    Files.writeString(
        folder.resolve("e.yaml"),
        "decoders: {broken: {linear: true}}\n",
        StandardOpenOption.APPEND);
    Runner.Result result =
        runner(new FakePlugin(NOTHING))
            .run(
                ExperimentFile.read(folder.resolve("e.yaml"), List.of()),
                folder.resolve("x"),
                false);
    assertThat(result.report().sections().getFirst().notes())
        .anyMatch(note -> note.contains("gave a bias that is no number"));
    assertThat(folder.resolve("x/experiment.yaml")).content().contains("linear: true");
    assertThat(experiment.decoders()).isEmpty();
    assertThatThrownBy(
            () ->
                runner(new FakePlugin(NOTHING))
                    .dryRun(
                        ExperimentFile.read(
                            folder.resolve("e.yaml"), List.of("decoders.broken.liner=true")),
                        folder.resolve("y")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("did you mean linear?");
  }

  @Test
  void whatCannotBeReportedFailsTheProbeThatReportsIt() throws IOException {
    Map<String, Consumer<ProbeContext>> wrong =
        Map.of(
            "not JSON",
            c -> c.report().figure(Figure.of("f", "t", "c", "{", List.of())),
            "cannot be the name of a metric",
            c -> c.report().metric(Metric.of("two words", 1)),
            "put the question with report.claim",
            c -> c.report().metric(Metric.of("verdict.odd", 1)),
            "not a number, text or boolean",
            c -> c.report().table(Table.of("t", "t", List.of("a"), List.of(List.of(Map.of())))));
    wrong.forEach(
        (message, work) -> {
          try {
            String run = "run" + message.length();
            Runner.Result result = run(new FakePlugin(work), run, "custom", "evaluating");
            assertThat(result.report().sections())
                .extracting(Section::status)
                .containsExactly(Section.Status.FAILED, Section.Status.OK);
            assertThat(result.report().sections().getFirst().notes())
                .anyMatch(note -> note.contains(message));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  @Test
  void theContextIsOfTheProbesOwnThread() throws IOException {
    List<String> refusals = new ArrayList<>();
    FakePlugin plugin =
        new FakePlugin(
            context -> {
              Thread other =
                  new Thread(
                      () -> {
                        try {
                          context.report().note("late");
                        } catch (IllegalStateException e) {
                          refusals.add(String.valueOf(e.getMessage()));
                        }
                      });
              other.start();
              try {
                other.join();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    run(plugin, "first", "custom");
    assertThat(refusals).singleElement().asString().contains("by the probe's own thread");
  }

  @Test
  void aProbeThatLeavesItsThreadInterruptedHarmsNoOther() throws IOException {
    FakePlugin plugin = new FakePlugin(context -> Thread.currentThread().interrupt());
    assertThat(run(plugin, "first", "custom", "evaluating").complete()).isTrue();
  }

  @Test
  void aProbeCannotReportFiguresOfTheEnginesNames() throws IOException {
    FakePlugin plugin =
        new FakePlugin(context -> context.report().metric(Metric.of("auroc.mine", 1)));
    Runner.Result result = run(plugin, "first", "custom");
    assertThat(result.report().sections().getFirst().notes())
        .anyMatch(note -> note.contains("'auroc.mine' is reserved"));
  }

  @Test
  void aFolderThatIsNotEmptyIsRefusedUnlessItHoldsARun() throws IOException {
    FakePlugin plugin = new FakePlugin(NOTHING);
    run(plugin, "first", "evaluating");
    assertThatThrownBy(() -> run(plugin, "first", "evaluating"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("resume")
        .hasMessageContaining("--overwrite");
    runner(plugin).run(experiment("evaluating"), folder.resolve("first"), true);
    assertThatThrownBy(
            () -> runner(plugin).run(experiment("evaluating"), folder.resolve("model/.."), true))
        .hasMessageContaining("holds no run");
  }

  @Test
  void verifyNamesTheFilesThatChanged() throws IOException {
    FakePlugin plugin = new FakePlugin(NOTHING);
    run(plugin, "first", "evaluating");
    assertThat(runner(plugin).changedFiles(folder.resolve("first"))).isEmpty();
    Files.writeString(folder.resolve("first/report.md"), "better");
    Files.delete(folder.resolve("first/report.html"));
    assertThat(runner(plugin).changedFiles(folder.resolve("first")))
        .containsExactly("report.html is missing", "report.md has changed");
  }

  @Test
  void whatCannotBeReadIsRefusedBeforeAnythingIsWritten() {
    FakePlugin plugin = new FakePlugin(NOTHING);
    assertThatThrownBy(
            () -> runner(plugin).run(experiment("evaluatin"), folder.resolve("first"), false))
        .hasMessageContaining("unknown probe 'evaluatin': did you mean evaluating?");
    assertThat(folder.resolve("first")).doesNotExist();
  }

  @Test
  void aPromptLongerThanTheContextIsRefusedByItsId() throws IOException {
    Files.writeString(
        folder.resolve("rows.jsonl"),
        "{\"id\": \"long\", \"text\": \"%s\", \"label\": \"memory\", \"group\": \"x\"}\n"
                .formatted("w ".repeat(30))
            + Files.readString(folder.resolve("rows.jsonl")));
    assertThatThrownBy(() -> run(new FakePlugin(NOTHING), "first", "evaluating"))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("row 'long'");
  }

  @Test
  void conversationsAreFedWithoutFurtherSpecialTokens() throws IOException {
    Files.writeString(
        folder.resolve("rows.jsonl"),
        Files.readString(folder.resolve("rows.jsonl"))
            .replaceAll(
                "\"text\": (\"[^\"]*\")", "\"text\": [{\"role\": \"user\", \"content\": $1}]"));
    Path experiment = folder.resolve("e.yaml");
    experiment("evaluating");
    Files.writeString(
        experiment, Files.readString(experiment).replace("text: text", "messages: text"));
    FakePlugin plugin = new FakePlugin(NOTHING);
    Runner.Result result =
        runner(plugin)
            .run(ExperimentFile.read(experiment, List.of()), folder.resolve("first"), false);
    assertThat(result.complete()).isTrue();
    // 40 rows of: user ask w0 now assistant
    assertThat(runner(plugin).dryRun(ExperimentFile.read(experiment, List.of()), folder).lines())
        .anyMatch(line -> line.contains("40 prompts, 200 tokens"));
    assertThat(folder.resolve("first/manifest.json")).content().contains("\"chat_template\"");
    assertThat(folder.resolve("first/experiment.yaml"))
        .content()
        .contains("messages: text", "generation_prompt: true");
  }

  @Test
  void whatATokenizerGuessesStandsOnTheScreenInTheLogAndInTheReport() throws IOException {
    String bos = Character.toString(FakePlugin.BOS); // its hash is the id of the token
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, Files.readString(rows).replace("\"text\": \"", "\"text\": \"\\u0001 "));
    assertThat(bos.hashCode()).isEqualTo(FakePlugin.BOS);

    Runner.Result result = run(new FakePlugin(NOTHING), "first", "evaluating");

    String note = "In 40 of 40 prompts of data the token '<1>' stands twice";
    assertThat(warnings).anyMatch(w -> w.contains(note));
    assertThat(folder.resolve("first/log")).content().contains(note);
    assertThat(result.report().sections().getFirst().notes()).anyMatch(n -> n.contains(note));
  }

  @Test
  void aDryRunSaysWhatIsMissingAndWritesNothing() throws IOException {
    FakePlugin plugin = new FakePlugin(NOTHING);
    List<String> before = runner(plugin).dryRun(experiment("evaluating"), folder).lines();
    assertThat(before).anyMatch(line -> line.contains("to run   1 pass over 40 sequences"));
    run(plugin, "first", "evaluating");
    List<String> after = runner(plugin).dryRun(experiment("evaluating"), folder).lines();
    assertThat(after).anyMatch(line -> line.contains("to run   0 sequences"));
  }

  @Test
  void aRunNamesEarlierRunsOfTheSameDataThatLookedElsewhere() throws IOException {
    run(new FakePlugin(NOTHING), "first", "evaluating");
    assertThat(notes(run(new FakePlugin(NOTHING), "same", "evaluating"))).noneMatch(NAMES_OTHERS);
    Runner.Result other =
        run(new FakePlugin(NOTHING), "other", "evaluating", "evaluating\n    name: again");
    assertThat(notes(other))
        .anyMatch(
            note ->
                note.startsWith("1 earlier run of the same data")
                    && note.contains("(first)")
                    && note.contains("below 0.0050"));
    Files.writeString(
        folder.resolve("rows.jsonl"),
        Files.readString(folder.resolve("rows.jsonl")).replace("now", "then"));
    assertThat(notes(run(new FakePlugin(NOTHING), "new", "evaluating"))).noneMatch(NAMES_OTHERS);
  }

  @Test
  void aResumedRunKnowsTheRunsThatWereBesideItWhenItBegan() throws IOException {
    run(new FakePlugin(NOTHING), "first", "evaluating");
    byte[] before = Files.readAllBytes(folder.resolve("first/report.json"));
    run(new FakePlugin(NOTHING), "other", "evaluating", "evaluating\n    name: again");
    Files.delete(folder.resolve("first/artifacts/evaluating.section.json"));
    Runner.Result resumed = runner(new FakePlugin(NOTHING)).resume(folder.resolve("first"));
    assertThat(notes(resumed)).noneMatch(NAMES_OTHERS);
    assertThat(folder.resolve("first/report.json")).hasBinaryContent(before);
  }

  private static List<String> notes(Runner.Result result) {
    return result.report().sections().getFirst().notes();
  }

  @Test
  void severalTokensOfOneProbeAreChosenFromAndCoveredByItsTest() throws IOException {
    CaptureRequest several =
        CaptureRequest.of(List.of("blocks.*.hook_resid_post"), List.of("first", "last"))
            .decodedBy(List.of("means"));
    FakePlugin plugin = new FakePlugin(context -> context.evaluate(several));
    Runner.Result result = run(plugin, "first", "custom");
    assertThat(result.complete()).isTrue();
    Section section = result.report().sections().getFirst();
    assertThat(section.metrics())
        .filteredOn(metric -> metric.name().equals("auroc"))
        .extracting(metric -> metric.where().get("site"))
        .contains("resid_post@first", "resid_post@last");
    assertThat(section.metrics())
        .filteredOn(metric -> metric.name().equals("p.max_over_layers"))
        .hasSize(1);
  }

  @Test
  void probesOfOneRunAskAboutLabelsOfTheirOwn() throws IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 45; i++) {
      rows.append(
          "{\"text\": \"ask w%d now\", \"label\": \"%s\", \"topic\": \"%s\", \"group\": \"g%d\"}\n"
              .formatted(
                  i,
                  i % 2 == 0 ? "memory" : "reasoning",
                  List.of("law", "math", "art").get(i % 3),
                  i));
    }
    Files.writeString(folder.resolve("rows.jsonl"), rows);
    Runner.Result result =
        run(
            new FakePlugin(NOTHING),
            "first",
            "evaluating",
            "evaluating\n    name: topic\n    data: {label: topic, positive: math, negative: art}",
            "evaluating\n    name: rest\n    data: {label: topic, positive: law, negative: rest}");
    assertThat(result.complete()).isTrue();
    assertThat(result.report().sections())
        .extracting(section -> nested(section).n().orElseThrow())
        .containsExactly(45, 30, 45);
    assertThat(result.report().sections().getLast().tables())
        .extracting(Table::name)
        .contains("confusion");
    assertThat(folder.resolve("first/experiment.yaml")).content().contains("negative: art");
  }

  private static Metric nested(Section section) {
    return section.metrics().stream()
        .filter(metric -> metric.name().equals("auroc.nested"))
        .findFirst()
        .orElseThrow();
  }

  private Runner.Result run(FakePlugin plugin, String out, String... probes) throws IOException {
    return runner(plugin).run(experiment(probes), folder.resolve(out), false);
  }

  private Runner runner(FakePlugin plugin) {
    Folders folders = new Folders(folder, List.of(), folder.resolve("cache"), Map.of());
    return new Runner(folders, plugin.registry(), Workforce.here(), new Warnings(warnings), "test");
  }

  private Experiment experiment(String... probes) throws IOException {
    StringBuilder uses = new StringBuilder();
    for (String probe : probes) {
      uses.append("  - use: ").append(probe).append('\n');
    }
    Path file =
        Files.writeString(
            folder.resolve("e.yaml"),
            """
            sonde: 1
            name: try
            model: {ref: model, backend: fake}
            data: {path: rows.jsonl, text: text, label: label, positive: reasoning, group: group}
            evaluation: {permutations: 19, bootstrap: 50}
            probes:
            """
                + uses);
    return ExperimentFile.read(file, List.of());
  }

  private List<String> names(String run) throws IOException {
    return RunFolder.open(folder.resolve(run)).files();
  }

  /** Every file that may be compared is the same to the byte. */
  private void assertSame(String first, String second) throws IOException {
    assertThat(names(second)).isEqualTo(names(first));
    for (String name : names(first)) {
      if (!RunFolder.OUTSIDE_COMPARISON.contains(name)) {
        assertThat(folder.resolve(second).resolve(name))
            .hasSameBinaryContentAs(folder.resolve(first).resolve(name));
      }
    }
  }
}
