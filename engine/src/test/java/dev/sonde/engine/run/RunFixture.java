package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.probe.ProbeContext;
import dev.sonde.engine.experiment.Experiment;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.worker.Workforce;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Runs of a small experiment in a folder: a fake model, forty rows, and some probes. */
final class RunFixture {
  private final Path folder;
  private final FakePlugin plugin;
  private boolean powerless;

  /**
   * A fixture whose probe {@code custom} does the given work, and fails afterwards as long as there
   * is no power.
   */
  RunFixture(Path folder, Consumer<ProbeContext> work) throws IOException {
    this.folder = folder;
    this.plugin =
        new FakePlugin(
            context -> {
              work.accept(context);
              if (powerless) {
                throw new IllegalStateException("the power went out");
              }
            });
    writeData(folder);
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
          - use: custom
        """);
  }

  /** Writes the fake model and forty rows of twenty groups, half of each label. */
  static void writeData(Path folder) throws IOException {
    Files.writeString(Files.createDirectories(folder.resolve("model")).resolve("words"), "");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append(
          "{\"id\": \"r%02d\", \"text\": \"ask w%d now\", \"label\": \"%s\", \"group\": \"g%d\"}\n"
              .formatted(i, i % 20, i % 2 == 0 ? "memory" : "reasoning", i % 20));
    }
    Files.writeString(folder.resolve("rows.jsonl"), rows);
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  FakePlugin plugin() {
    return plugin;
  }

  /** A whole run. */
  Path run(String out) {
    return run(out, false);
  }

  Path run(String out, boolean overwrite) {
    Runner.Result result = runner().run(experiment(), file(out), overwrite);
    assertThat(result.complete()).isEqualTo(!powerless);
    return file(out);
  }

  /** A run that the power left in its last probe. */
  Path interrupted(String out) throws IOException {
    powerless = true;
    run(out);
    powerless = false;
    for (String late : List.of("report.json", "report.md", "report.html", "manifest.json")) {
      Files.delete(file(out).resolve(late));
    }
    return file(out);
  }

  void resume(String run) {
    assertThat(runner().resume(file(run)).complete()).isTrue();
  }

  List<String> changed(String run) {
    return runner().changedFiles(file(run));
  }

  private Runner runner() {
    Folders folders = new Folders(folder, List.of(), folder.resolve("cache"), Map.of());
    return new Runner(
        folders, plugin.registry(), Workforce.here(), new Warnings(new ArrayList<>()), "test");
  }

  private Experiment experiment() {
    return ExperimentFile.read(folder.resolve("e.yaml"), List.of());
  }

  String log(String run) throws IOException {
    return Files.readString(file(run).resolve("log"));
  }

  /** Every file that may be compared is the same to the byte. */
  void assertSame(String first, String second) throws IOException {
    assertThat(compared(second)).isEqualTo(compared(first));
    for (String name : compared(first)) {
      assertThat(file(second).resolve(name)).hasSameBinaryContentAs(file(first).resolve(name));
    }
  }

  private List<String> compared(String run) throws IOException {
    List<String> names = new ArrayList<>(files(file(run)));
    names.removeAll(List.of("log", "timing.json", "journal.jsonl", "lock"));
    return names;
  }

  /** All files below a folder, as relative names in order. */
  static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  /** Changes one byte to another. */
  static void flip(Path file, int place) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[place] ^= 1;
    Files.write(file, bytes);
  }
}
