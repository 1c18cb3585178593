package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.report.Section;
import dev.sonde.engine.store.StoreUpkeep;
import dev.sonde.engine.tools.CaptureFile;
import dev.sonde.engine.worker.Workforce;
import dev.sonde.formats.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known, and refused, before any pass. The model takes 20 tokens. */
class PlanningTest {
  /** The tensor's name and type, and what the file says of itself. */
  private static final long HEADER_AT_MOST = 1_024;

  @TempDir Path folder;

  private final FakePlugin plugin = new FakePlugin(context -> {});
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void writeData() throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("model")).resolve("words"), "");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append(row("r%02d".formatted(i), "ask w%d now".formatted(i % 20), i % 2 == 0));
    }
    Files.writeString(folder.resolve("rows.jsonl"), rows);
  }

  @Test
  void aDryRunTellsPassesTokensBytesTimeAndMemory() throws IOException {
    List<String> lines = dryRun();
    assertThat(lines)
        .anyMatch(l -> l.startsWith("model    model: fake, 2 blocks of width 4"))
        .anyMatch(l -> l.startsWith("model    random:17:model: fake"))
        .contains("data     data: 40 prompts, 160 tokens, the longest 4 of at most 20")
        .contains(
            "to run   1 pass over 40 sequences, 160 tokens, in 1 request, as deep as block 1 of 0"
                + " to 1")
        .contains("stored   0 tokens need no pass")
        .anyMatch(l -> l.startsWith("disk     the store grows by 2.5 KiB"))
        .anyMatch(l -> l.startsWith("time     less than a second for the pass, an estimate"))
        .anyMatch(l -> l.startsWith("probe    evaluating: 4 hook points, 2.5 KiB of activations"))
        .anyMatch(l -> l.contains("hook_resid_post@last") && l.endsWith("blocks 0-1"))
        .anyMatch(l -> l.contains("hook_embed@all/MEAN"));
    assertThat(plugin.computed()).isEmpty();
  }

  @Test
  void whatIsStoredIsNotInThePlan() throws IOException {
    runner().run(experiment(""), folder.resolve("first"), false);
    assertThat(dryRun())
        .contains("to run   0 sequences: all is stored")
        .contains("stored   160 tokens need no pass")
        .anyMatch(l -> l.startsWith("disk     the store grows by 0 B"));
  }

  @Test
  void theStoreGrowsByWhatWasForetold() throws IOException {
    runner().run(experiment(""), folder.resolve("first"), false);
    long files = 4;
    long foretold = files * 40 * 4 * Float.BYTES;
    assertThat(StoreUpkeep.size(folder.resolve("cache/activations")))
        .isBetween(foretold, foretold + files * HEADER_AT_MOST);
  }

  @Test
  void aModelThatCannotFitIsRefusedBeforeAnythingIsWritten() throws IOException {
    plugin.taking(1L << 60);
    Experiment experiment = experiment("");
    assertThatThrownBy(() -> runner().run(experiment, folder.resolve("first"), false))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("2.0 EiB of the Java heap");
    assertThat(folder.resolve("first")).doesNotExist();
    assertThat(plugin.computed()).isEmpty();
    assertThat(runner().dryRun(experiment, folder).obstacles())
        .singleElement()
        .asString()
        .contains("-Xmx");
  }

  @Test
  void rowsThatDifferInLengthAreNotStored() {
    assertThatThrownBy(() -> capture("last", "blocks.*.attn.hook_attn_scores"))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("blocks.0.attn.hook_attn_scores cannot be captured")
        .hasMessageContaining("hook_z");
    assertThat(plugin.computed()).isEmpty();
  }

  @Test
  void whatPromptsDoNotNameIsNotStored() {
    assertThatThrownBy(() -> capture("all", "log_prob")).hasMessageContaining("no targets");
    assertThatThrownBy(() -> capture("spans", "hook_embed")).hasMessageContaining("no spans");
  }

  @Test
  void aTokenThatAPromptDoesNotHaveIsRefusedByItsRow() {
    assertThatThrownBy(() -> capture("index:4", "hook_embed"))
        .hasMessageContaining("row 'r00' of data has 4 tokens: there is no token 4");
    assertThatThrownBy(() -> capture("index:-5", "hook_embed"))
        .hasMessageContaining("there is no token -5");
    assertThat(plugin.computed()).isEmpty();
  }

  @Test
  void overlongPromptsAreRefusedByTheFirstIdWithTheirNumber() throws IOException {
    addOverlong();
    assertThatThrownBy(() -> run("none"))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("row 'long1' of data has 26 tokens, the model takes 20")
        .hasMessageContaining("2 of 42 rows")
        .hasMessageContaining("data.truncation_side");
  }

  @Test
  void cutPromptsAreCountedInEverySection() throws IOException {
    addOverlong();
    Section section = run("left").report().sections().getFirst();
    assertThat(section.metrics())
        .filteredOn(metric -> metric.name().equals("rows.truncated"))
        .singleElement()
        .extracting(Metric::value)
        .isEqualTo(OptionalDouble.of(2));
    assertThat(section.notes())
        .anyMatch(note -> note.startsWith("2 of 42 prompts") && note.contains("row 'long1'"));
  }

  @Test
  void aRunThatCutNothingSaysNothingOfIt() throws IOException {
    Section section = run("left").report().sections().getFirst();
    assertThat(section.metrics()).noneMatch(metric -> metric.name().equals("rows.truncated"));
  }

  @Test
  void eitherSideIsCutAndSpecialTokensStay() throws IOException {
    Files.writeString(
        folder.resolve("rows.jsonl"), row("long", words(25), true) + row("s", "a", false));
    int[] left = IntStream.concat(IntStream.of(FakePlugin.BOS), hashes(6, 25)).toArray();
    int[] right = IntStream.concat(IntStream.of(FakePlugin.BOS), hashes(0, 19)).toArray();
    assertThat(firstRow("left")).containsExactly(left);
    assertThat(firstRow("right")).containsExactly(right);
    assertThat(warnings).hasSize(2).allMatch(w -> w.startsWith("1 of 2 prompts"));
  }

  /** The model has no point before its first block. */
  @Test
  void aPatternKeepsItsNamesAndLeavesOutTheBlocksWithoutSuchAPoint() throws IOException {
    capture("last", "blocks.*.hook_resid_pre");

    assertThat(SafetensorsFile.open(folder.resolve("out.safetensors"), Arena.ofAuto()).tensors())
        .containsKey("blocks.1.hook_resid_pre")
        .doesNotContainKeys("blocks.0.hook_resid_pre", "blocks.0.hook_resid_post");
  }

  @Test
  void aPointThatNoBlockOfAPatternHasIsRefused() {
    assertThatThrownBy(() -> capture("last", "blocks.*.mlp.hook_post"))
        .isInstanceOf(UnsupportedCapabilityException.class)
        .hasMessageContaining("has no hook point 'mlp.hook_post'");
  }

  /** The first twenty ids of a capture file, whose first prompt lost six. */
  private int[] firstRow(String side) throws IOException {
    Path out = folder.resolve(side + ".safetensors");
    new CaptureFile(folders(), plugin.registry(), Workforce.here(), new Warnings(warnings), "test")
        .write(experiment(side), CaptureRequest.of(List.of("hook_embed"), "last"), out, false);
    SafetensorsFile file = SafetensorsFile.open(out, Arena.ofAuto());
    assertThat(integers(file, "truncated")).containsExactly(6, 0);
    return LongStream.of(integers(file, "token_ids")).limit(20).mapToInt(id -> (int) id).toArray();
  }

  private static long[] integers(SafetensorsFile file, String tensor) {
    return file.tensor(tensor).data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }

  private static IntStream hashes(int from, int to) {
    return IntStream.range(from, to).map(i -> ("w" + i).hashCode() & 0xFFFF);
  }

  private static String words(int count) {
    return String.join(" ", IntStream.range(0, count).mapToObj(i -> "w" + i).toList());
  }

  private static String row(String id, String text, boolean memory) {
    return "{\"id\": \"%s\", \"text\": \"%s\", \"label\": \"%s\", \"group\": \"%s\"}\n"
        .formatted(id, text, memory ? "memory" : "reasoning", text);
  }

  private void addOverlong() throws IOException {
    Path data = folder.resolve("rows.jsonl");
    Files.writeString(
        data,
        row("long1", words(25), true) + row("long2", words(30), false) + Files.readString(data));
  }

  private void capture(String tokens, String point) throws IOException {
    new CaptureFile(folders(), plugin.registry(), Workforce.here(), new Warnings(warnings), "test")
        .write(
            experiment(""),
            CaptureRequest.of(List.of(point), tokens),
            folder.resolve("out.safetensors"),
            false);
  }

  private List<String> dryRun() throws IOException {
    return runner().dryRun(experiment(""), folder).lines();
  }

  private Runner.Result run(String side) throws IOException {
    return runner().run(experiment(side), folder.resolve("first"), false);
  }

  private Runner runner() {
    return new Runner(
        folders(), plugin.registry(), Workforce.here(), new Warnings(warnings), "test");
  }

  private Folders folders() {
    return new Folders(folder, List.of(), folder.resolve("cache"), Map.of());
  }

  private Experiment experiment(String side) throws IOException {
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
              - use: evaluating
            """);
    return ExperimentFile.read(
        file, side.isEmpty() ? List.of() : List.of("data.truncation_side=" + side));
  }
}
