package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.linalg.Matrix;
import dev.sonde.api.probe.Artifact;
import dev.sonde.api.probe.CaptureRequest;
import dev.sonde.api.probe.Inputs;
import dev.sonde.api.probe.Needs;
import dev.sonde.api.probe.Probe;
import dev.sonde.api.probe.ProbeContext;
import dev.sonde.api.probe.ShardContext;
import dev.sonde.api.report.Metric;
import dev.sonde.engine.experiment.ExperimentFile;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.shard.ShardExecutor;
import dev.sonde.engine.shard.ShardTask;
import dev.sonde.engine.worker.Workforce;
import dev.sonde.formats.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever computes the shards of a run, in whatever order: the same bytes. */
class ShardsTest {
  /** Three shards of a pass. */
  private static final int ROWS = 2_500;

  @TempDir Path folder;

  private final List<String> computed = new ArrayList<>();
  private Path cache = Path.of("");

  @BeforeEach
  void writeData() throws IOException {
    cache = folder.resolve("cache");
    Files.writeString(Files.createDirectories(folder.resolve("model")).resolve("words"), "");
    Files.writeString(folder.resolve("rows.jsonl"), rows(ROWS, "ask"));
    Files.writeString(folder.resolve("few.jsonl"), rows(40, "say"));
  }

  private static String rows(int count, String verb) {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      rows.append(
          "{\"id\": \"r%d\", \"text\": \"%s w%d now\", \"label\": \"%s\", \"group\": \"g%d\"}\n"
              .formatted(i, verb, i, i % 2 == 0 ? "memory" : "reasoning", i % 20));
    }
    return rows.toString();
  }

  /** Means of the first column, shard by shard, less an offset that an earlier stage found. */
  private final class Means implements Probe {
    private static final int SHARDS = 16;
    private boolean broken;

    @Override
    public Needs needs(Inputs inputs) {
      return Needs.none().capture(request());
    }

    private static CaptureRequest request() {
      return CaptureRequest.of(List.of("blocks.1.hook_resid_post"), "last");
    }

    @Override
    public void run(ProbeContext context) {
      context.stage(
          "offset",
          1,
          () ->
              Artifact.empty()
                  .with("offset", Matrix.of(Matrix.Type.FLOAT64, new double[][] {{0.5}})));
      SequencedMap<String, Artifact> inputs = new LinkedHashMap<>();
      for (int i = 0; i < SHARDS; i++) {
        int from = i * ROWS / SHARDS;
        int to = (i + 1) * ROWS / SHARDS;
        inputs.put("rows" + from, Artifact.empty().with("range", from, to));
      }
      double sum = 0;
      for (Artifact part : context.shards("means", 1, inputs).values()) {
        sum += part.tensor("sum").get(0, 0);
      }
      context.report().metric(Metric.of("mean", sum / ROWS));
    }

    @Override
    public Artifact shard(String stage, Artifact input, ShardContext context) {
      long[] range = input.integers("range");
      if (broken && range[0] > ROWS / 2) {
        throw new IllegalStateException("the power went out");
      }
      computed.add(stage + range[0]);
      double offset = context.result("offset").tensor("offset").get(0, 0);
      Matrix rows = context.capture(request()).values().iterator().next();
      double sum = context.random("noise " + range[0]).nextDouble();
      for (int row = (int) range[0]; row < range[1]; row++) {
        sum += rows.get(row, 0) - offset;
      }
      return Artifact.empty().with("sum", Matrix.of(Matrix.Type.FLOAT64, new double[][] {{sum}}));
    }
  }

  /** Deals the tasks to workers and lets the last one begin. */
  private static ShardExecutor dealt(int workers) {
    return (tasks, here, finished) -> {
      for (int worker = workers - 1; worker >= 0; worker--) {
        for (int i = worker; i < tasks.size(); i += workers) {
          ShardTask task = tasks.get(i);
          here.compute(task);
          finished.accept(task);
        }
      }
    };
  }

  @Test
  void aRunByOneThreeOrSixteenWorkersWritesTheSameBytes() throws IOException {
    for (int workers : new int[] {1, 3, 16}) {
      computed.clear();
      cache = folder.resolve("by" + workers + "-cache");
      run("by" + workers, new Means(), dealt(workers));
      assertThat(computed).hasSize(Means.SHARDS);
    }
    for (String other : List.of("by3", "by16")) {
      for (String name : RunFolder.open(folder.resolve("by1")).files()) {
        if (!RunFolder.OUTSIDE_COMPARISON.contains(name)) {
          assertThat(folder.resolve(other).resolve(name))
              .hasSameBinaryContentAs(folder.resolve("by1").resolve(name));
        }
      }
      assertThat(stored(other)).isEqualTo(stored("by1"));
    }
  }

  @Test
  void shardsThatAnInterruptedRunFinishedAreNotDoneAgain() throws IOException {
    Means probe = new Means();
    probe.broken = true;
    run("whole", new Means(), ShardExecutor.local());
    computed.clear();
    assertThat(run("broken", probe, ShardExecutor.local()).complete()).isFalse();
    int before = computed.size();
    assertThat(before).isBetween(1, Means.SHARDS - 1);
    probe.broken = false;
    runner(probe, ShardExecutor.local()).resume(folder.resolve("broken"));
    assertThat(computed).hasSize(Means.SHARDS).doesNotHaveDuplicates();
    assertThat(folder.resolve("broken/report.json"))
        .hasSameBinaryContentAs(folder.resolve("whole/report.json"));
    assertThat(folder.resolve("broken/stages/custom")).doesNotExist();
  }

  @Test
  void aFurtherModelIsCapturedOnAFurtherSet() throws IOException {
    List<String> seen = new ArrayList<>();
    Probe probe =
        new Probe() {
          private final CaptureRequest request =
              CaptureRequest.of(List.of("hook_embed"), "last").ofModel("other").onSet("few");

          @Override
          public Needs needs(Inputs inputs) {
            return Needs.none().capture(request);
          }

          @Override
          public void run(ProbeContext context) {
            context.capture(request).forEach((point, rows) -> seen.add(point + " " + rows.rows()));
          }
        };
    assertThat(run("crossed", probe, ShardExecutor.local()).complete()).isTrue();
    assertThat(seen).containsExactly("hook_embed 40");
  }

  private Runner.Result run(String out, Probe probe, ShardExecutor executor) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("e.yaml"),
            """
            sonde: 1
            name: try
            model: {ref: model, backend: fake}
            models: {other: {ref: model, backend: fake}}
            data: {path: rows.jsonl, text: text, group: group}
            sets: {few: {path: few.jsonl, text: text, group: group}}
            probes: [{use: custom}]
            """);
    return runner(probe, executor)
        .run(ExperimentFile.read(file, List.of()), folder.resolve(out), false);
  }

  private Runner runner(Probe probe, ShardExecutor executor) {
    Folders folders = new Folders(folder, List.of(), cache, Map.of());
    return new Runner(
        folders,
        FakePlugin.with(probe).registry(),
        Workforce.by(executor),
        new Warnings(new ArrayList<>()),
        "test");
  }

  /** The stored files by name, with the hash of what they hold. */
  private Map<String, String> stored(String run) throws IOException {
    Path store = folder.resolve(run + "-cache/activations");
    ContentHash hashes = new ContentHash(folder.resolve("hashes"));
    Map<String, String> stored = new TreeMap<>();
    try (Stream<Path> files = Files.walk(store)) {
      files
          .filter(file -> file.toString().endsWith(".safetensors"))
          .forEach(file -> stored.put(store.relativize(file).toString(), hashes.of(file)));
    }
    assertThat(stored).hasSizeGreaterThanOrEqualTo(3);
    return stored;
  }
}
