package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.formats.hub.FakeHub;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of the hub, here the micro-world on a hub on this machine. */
class HubIT {
  private static final Path MODEL = Distribution.HOME.resolve("models/microworld");
  private static final Path GGUF = Path.of("../formats/src/test/resources/gguf/smollm.gguf");
  private static final Path EXPERIMENT =
      Distribution.HOME.resolve("experiments/reasoning-direction.yaml");
  private static final String PINNED = "hf:org/name@" + FakeHub.COMMIT;

  @TempDir Path folder;

  private final FakeHub hub = new FakeHub();

  @BeforeEach
  void publishTheMicroworld() throws IOException {
    for (String name :
        List.of(
            "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json")) {
      hub.file(name, Files.readString(MODEL.resolve(name)));
    }
    hub.large("model.safetensors", Files.readAllBytes(MODEL.resolve("model.safetensors")));
    hub.large("pytorch_model.bin", new byte[] {1, 2, 3});
    hub.file("README.md", "A model.");
  }

  @AfterEach
  void closeTheHub() {
    hub.close();
  }

  @Test
  void aModelIsFetchedOnceAndGivesWhatItsFolderGives() throws IOException {
    Distribution.Said first = capture(sonde(), "hf:org/name", "fetched.safetensors");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.err()).contains("fetching model.safetensors");
    assertThat(hub.stored).singleElement().asString().startsWith("model.safetensors");
    assertThat(hub.requests).noneMatch(request -> request.contains("README.md"));

    hub.requests.clear();
    Distribution offline = sonde().with("HF_HUB_OFFLINE", "1");
    Distribution.Said second = capture(offline, "hf:org/name", "cached.safetensors");
    assertThat(second.code()).as(second.err()).isZero();
    assertThat(hub.requests).isEmpty();
    assertThat(folder.resolve("cached.safetensors"))
        .hasSameBinaryContentAs(folder.resolve("fetched.safetensors"));

    capture(sonde(), MODEL.toString(), "local.safetensors");
    assertThat(Tensors.of(folder.resolve("fetched.safetensors")))
        .isEqualTo(Tensors.of(folder.resolve("local.safetensors")));
  }

  @Test
  void aGgufFileOfARepositoryIsAModel() throws IOException {
    hub.large("small.gguf", Files.readAllBytes(GGUF));
    Distribution.Said said = capture(sonde(), "hf:org/name/small.gguf", "gguf.safetensors");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(hub.stored).singleElement().asString().startsWith("small.gguf");
  }

  @Test
  void aRunIsPinnedToItsCommitSoThatResumeUsesTheSameFiles() throws IOException {
    Distribution.Said run =
        sonde()
            .run(
                "run",
                EXPERIMENT,
                "--model",
                "hf:org/name",
                "--set",
                "probes.direction.with.read=[blocks.3.hook_resid_post]",
                "--set",
                "probes.direction.with.decoders=[difference_of_means]",
                "--set",
                "probes.direction.with.steer=false",
                "--set",
                "evaluation={permutations: 99, random_init: false}",
                "--out",
                "run");
    assertThat(run.code()).as(run.err()).isZero();
    Path report = folder.resolve("run/report.json");
    byte[] before = Files.readAllBytes(report);
    assertThat(folder.resolve("run/experiment.yaml")).content().contains(PINNED);
    assertThat(report).content().contains(PINNED);
    hub.revisions.put("main", FakeHub.NEXT_COMMIT);
    hub.requests.clear();

    Distribution.Said resumed = sonde().run("resume", "run");

    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(hub.requests).isEmpty();
    assertThat(report).hasBinaryContent(before);
  }

  @Test
  void aDataSetIsFetchedAndPinnedAsAModelIs() throws IOException {
    String rows = Files.readString(MODEL.resolve("data/reason-recall.jsonl"));
    hub.file("data/train-00000-of-00001.jsonl", rows);
    hub.file("data/test-00000-of-00001.jsonl", rows);
    String data = "hf:datasets/org/name/data/train";
    Distribution.Said run =
        sonde()
            .run(
                "run",
                EXPERIMENT,
                "--set",
                "data.path=" + data,
                "--set",
                "probes.direction.with.read=[blocks.3.hook_resid_post]",
                "--set",
                "probes.direction.with.decoders=[difference_of_means]",
                "--set",
                "probes.direction.with.steer=false",
                "--set",
                "evaluation={permutations: 99, random_init: false}",
                "--out",
                "run");
    assertThat(run.code()).as(run.err()).isZero();
    String pinned = data + "@" + FakeHub.COMMIT;
    assertThat(folder.resolve("run/experiment.yaml")).content().contains(pinned);
    assertThat(folder.resolve("run/report.json")).content().contains(pinned);
    byte[] before = Files.readAllBytes(folder.resolve("run/report.json"));
    hub.requests.clear();
    Distribution.Said resumed = sonde().with("HF_HUB_OFFLINE", "1").run("resume", "run");
    assertThat(resumed.code()).as(resumed.err()).isZero();
    assertThat(hub.requests).isEmpty();
    assertThat(folder.resolve("run/report.json")).hasBinaryContent(before);
  }

  @Test
  void aParquetFileOfADataSetIsRead() throws IOException {
    Path table = Path.of("../plugins/dataset-parquet/src/test/resources/parquet/snappy.parquet");
    hub.large("default/train/0000.parquet", Files.readAllBytes(table));
    Distribution.Said said =
        sonde()
            .run(
                "capture",
                "--model",
                MODEL.toString(),
                "--data",
                "hf:datasets/org/name",
                "--text",
                "id",
                "--read",
                "hook_embed",
                "--tokens",
                "last",
                "--out",
                "table.safetensors");
    assertThat(said.code()).as(said.err()).isZero();
    assertThat(Tensors.of(folder.resolve("table.safetensors")).values()).containsKey("hook_embed");
    refused(
        4,
        "no such table",
        sonde()
            .run(
                "capture",
                "--model",
                MODEL.toString(),
                "--data",
                "hf:datasets/org/name/rows",
                "--text",
                "id",
                "--read",
                "hook_embed",
                "--tokens",
                "last",
                "--out",
                "none.safetensors"));
  }

  @Test
  void whatTheHubDoesNotGiveIsRefusedAsAModelWithItsRemedy() {
    refused(4, "hf:org/nmae", capture(sonde(), "hf:org/nmae", "x.safetensors"));
    refused(4, "HF_HUB_OFFLINE", capture(sonde().with("HF_HUB_OFFLINE", "1"), "hf:org/name"));
    hub.token = Optional.of("secret");
    refused(4, "HF_TOKEN", capture(sonde(), "hf:org/name"));
    Distribution.Said known = capture(sonde().with("HF_TOKEN", "secret"), "hf:org/name");
    assertThat(known.code()).as(known.err()).isZero();
  }

  @Test
  void whatTheUserCanWriteDifferentlyIsRefusedAsInput() {
    refused(2, "write hf:org/name", capture(sonde(), "hf:org/na me"));
    refused(2, "is no model", capture(sonde(), "random:1:hf:org/name/README.md"));
    refused(2, "HF_ENDPOINT", capture(sonde().with("HF_ENDPOINT", "nowhere"), "hf:org/name"));
    refused(2, "HF_HUB_CACHE", capture(sonde().with("HF_HUB_CACHE", "/proc/no"), "hf:org/name"));
  }

  private Distribution sonde() {
    return new Distribution(folder)
        .with("HF_ENDPOINT", hub.endpoint())
        .with("HF_HOME", folder.resolve("hub"))
        .with("HF_HUB_CACHE", "")
        .with("HF_HUB_OFFLINE", "")
        .with("HF_TOKEN", "");
  }

  private Distribution.Said capture(Distribution sonde, String model) {
    return capture(sonde, model, "out.safetensors");
  }

  private Distribution.Said capture(Distribution sonde, String model, String out) {
    try {
      Files.writeString(folder.resolve("rows.jsonl"), "{\"t\": \"Q : b\"}\n{\"t\": \"A :\"}\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sonde.run(
        "capture",
        "--model",
        model,
        "--data",
        "rows.jsonl",
        "--text",
        "t",
        "--read",
        "blocks.*.hook_resid_post",
        "--tokens",
        "all",
        "--out",
        out);
  }

  private static void refused(int code, String message, Distribution.Said said) {
    assertThat(said.err()).contains(message).doesNotContain("\tat ");
    assertThat(said.code()).as(said.err()).isEqualTo(code);
  }
}
