package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.InvalidInputException;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.fitted.ProbeFile;
import dev.sonde.engine.fitted.SavedProbe;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.score.ProbeScoring;
import dev.sonde.engine.score.ScoreFiles;
import dev.sonde.engine.score.ScoreRequest;
import dev.sonde.engine.score.ScoreRequest.Labelled;
import dev.sonde.engine.worker.Workforce;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run saved scores texts. */
class ScoringTest {
  @TempDir Path folder;

  private final FakePlugin plugin = new FakePlugin(context -> {});
  private final List<String> warnings = new ArrayList<>();

  @BeforeEach
  void runAnExperiment() throws IOException {
    RunFixture.writeData(folder);
    Files.writeString(
        folder.resolve("e.yaml"),
        """
        sonde: 1
        name: try
        model: {ref: model, backend: fake}
        data: {path: rows.jsonl, text: text, label: label, positive: reasoning, group: group}
        evaluation: {permutations: 19, bootstrap: 50}
        probes:
          - use: evaluating_nearest
        """);
    Runner.Result result =
        new Runner(folders(), plugin.registry(), Workforce.here(), new Warnings(warnings), "test")
            .run(ExperimentFile.read(folder.resolve("e.yaml"), List.of()), file("run"), false);
    assertThat(result.complete()).isTrue();
    plugin.computed().clear();
    warnings.clear();
  }

  private Folders folders() {
    return new Folders(folder, List.of(), folder.resolve("cache"), Map.of());
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private Path saved(String decoder) {
    return file("run/artifacts/evaluating_nearest.fitted.%s.json".formatted(decoder));
  }

  private ScoreRequest request(List<Path> probes, Optional<Labelled> labels, boolean anyway) {
    return new ScoreRequest(
        probes,
        ExperimentFile.of(
            Map.of("ref", file("model").toString(), "backend", "fake"),
            Map.of("path", file("rows.jsonl").toString(), "text", "text"),
            List.of()),
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        Optional.empty(),
        OptionalDouble.empty(),
        0.05,
        anyway,
        labels);
  }

  private List<Map<String, Object>> scored(ScoreRequest request) {
    StringWriter out = new StringWriter();
    write(request, out, Optional.empty());
    return out.toString()
        .lines()
        .map(line -> Json.object(Path.of("line"), line.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private List<String> write(
      ScoreRequest request, StringWriter out, Optional<ScoreFiles.Calibrate> calibrate) {
    return new ScoreFiles(new ProbeScoring(plugin.registry(), folders(), new Warnings(warnings)))
        .write(
            request,
            new ScoreFiles.Places(Optional.empty(), out, Optional.empty(), false),
            calibrate);
  }

  @Test
  void aLinearProbeGivesTheSumOfItsWeightsTimesTheActivations() {
    SavedProbe probe = ProbeFile.read(saved("means"));
    List<Map<String, Object>> lines =
        scored(request(List.of(saved("means")), Optional.empty(), false));
    assertThat(lines).hasSize(40);
    double[] weights = probe.form().tensor("weights").row(0);
    for (int row = 0; row < lines.size(); row++) {
      int[] words = {"ask".hashCode(), ("w" + row % 20).hashCode(), "now".hashCode()};
      int[] fromTheEnd = {words[2] & 0xFFFF, words[1] & 0xFFFF, words[0] & 0xFFFF, FakePlugin.BOS};
      double expected = probe.form().tensor("bias").get(0, 0);
      for (int c = 0; c < weights.length; c++) {
        expected += weights[c] * (fromTheEnd[c] % 7);
      }
      assertThat(lines.get(row)).containsEntry("id", "r%02d".formatted(row));
      assertThat((Double) lines.get(row).get("score")).isCloseTo(expected, within(1e-9));
      assertThat((Double) lines.get(row).get("probability"))
          .isEqualTo(probe.curve().orElseThrow().probability(expected), within(1e-9));
    }
    assertThat(warnings).noneMatch(text -> text.contains("made with"));
  }

  @Test
  void aDecoderOfItsOwnKindIsRestoredByItsPluginWithTheScoresItHad() {
    List<Map<String, Object>> lines =
        scored(request(List.of(saved("nearest")), Optional.empty(), false));
    double positive = 0;
    for (int row = 0; row < lines.size(); row++) {
      positive += (row % 2 == 0 ? -1 : 1) * (Double) lines.get(row).get("score");
    }
    assertThat(ProbeFile.read(saved("nearest")).form().kind()).isEqualTo("means");
    assertThat(positive).isPositive(); // it was fitted to these rows
  }

  @Test
  void probesThatReadTheSameShareOnePass() {
    List<Map<String, Object>> lines =
        scored(request(List.of(saved("means"), saved("nearest")), Optional.empty(), false));
    assertThat(lines).hasSize(80);
    assertThat(lines.get(1)).containsEntry("probe", "evaluating_nearest.nearest");
    long points =
        List.of(saved("means"), saved("nearest")).stream()
            .map(card -> ProbeFile.read(card).reading().point())
            .distinct()
            .count();
    assertThat(plugin.computed()).hasSize((int) points);
  }

  @Test
  void oneProbeOfAnEvaluationIsTheRuns() {
    assertThat(ProbeFile.read(file("run")).chosen()).isTrue();
    assertThat(ProbeFile.read(file("run")).what()).contains("nested procedure");
  }

  @Test
  void anotherTokenizerIsRefusedUnlessItIsAllowed() throws IOException {
    Files.writeString(file("model/words"), "another");
    ScoreRequest refused = request(List.of(saved("means")), Optional.empty(), false);
    assertThatThrownBy(() -> scored(refused))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("another tokenizer")
        .hasMessageContaining("--anyway");
    assertThat(scored(request(List.of(saved("means")), Optional.empty(), true))).hasSize(40);
    assertThat(warnings).anyMatch(text -> text.contains("another tokenizer"));
  }

  @Test
  void labelsSayWhetherThresholdsHoldAndCalibrateOthers() {
    ScoreRequest request =
        request(
            List.of(saved("means")),
            Optional.of(new Labelled("label", "reasoning", Optional.of("group"))),
            false);
    List<String> lines =
        write(
            request,
            new StringWriter(),
            Optional.of(new ScoreFiles.Calibrate(file("other.json"), "isotonic")));
    assertThat(lines.getFirst()).contains("40 rows in 20 groups, 20 positive; AUROC");
    assertThat(lines)
        .anyMatch(line -> line.contains("Does the threshold for 5 % false positives keep to"));
    SavedProbe calibrated = ProbeFile.read(file("other.json"));
    assertThat(calibrated.data()).containsKey("calibrated_on");
    assertThat(calibrated.curve().orElseThrow().json()).containsEntry("kind", "isotonic");
    assertThat(scored(request(List.of(file("other.json")), Optional.empty(), false))).hasSize(40);
  }

  @Test
  void twoProbesAreComparedOnTheSameRowsByGroups() {
    List<String> lines =
        write(
            request(
                List.of(saved("means"), saved("nearest")),
                Optional.of(new Labelled("label", "reasoning", Optional.of("group"))),
                false),
            new StringWriter(),
            Optional.empty());
    assertThat(lines.getLast())
        .startsWith(
            "Does evaluating_nearest.means tell more than evaluating_nearest.nearest here? ")
        .contains("difference of AUROC, paired by groups");
  }

  @Test
  void aRowWithoutTheColumnIsNamedByItsLine() throws IOException {
    Files.writeString(file("rows.jsonl"), "{\"text\": \"ask me\"}\n{\"other\": 1}\n");
    ScoreRequest request = request(List.of(saved("means")), Optional.empty(), false);
    assertThatThrownBy(() -> scored(request))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("rows.jsonl:2");
  }
}
