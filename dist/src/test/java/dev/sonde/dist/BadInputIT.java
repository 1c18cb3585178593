package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every mistake has its message, its place, its exit code, and nothing is lost. */
class BadInputIT {
  private static final Path EXPERIMENT =
      Distribution.HOME.resolve("experiments/reasoning-direction.yaml");
  private static final Path MODEL = Distribution.HOME.resolve("models/microworld");

  @TempDir Path folder;

  @Test
  void unknownCommandsAndOptionsAreAnsweredWithTheNearest() {
    refused(2, "did you mean", run("dmeo")); // picocli: Did you mean
    refused(2, "did you mean run?", run("rnu"));
    refused(2, "Unknown option", run("demo", "--bakend", "x"));
    refused(2, "Missing required", run("run"));
  }

  @Test
  void aMissingOrMalformedExperimentIsRefusedByLine() throws IOException {
    refused(2, "there is no such file", run("run", "nothing.yaml"));
    Path yaml = Files.writeString(folder.resolve("bad.yaml"), "sonde: 1\nmodle:\n  ref: x\n");
    refused(2, "did you mean bad.yaml?", run("run", "bda.yaml"));
    refused(2, "bad.yaml:3: modle: unknown key; did you mean model?", run("run", yaml));
    Files.writeString(yaml, "sonde: [1\n");
    refused(2, "malformed YAML", run("run", yaml));
  }

  @Test
  void neitherAHomeNorALanguageIsNeeded() throws IOException {
    Path umlaut = Files.createDirectory(folder.resolve("Größe"));
    Files.writeString(umlaut.resolve("bad.yaml"), "sonde: 2\n");
    Distribution bare =
        new Distribution(folder).with("LC_ALL", "C").with("LANG", "C").without("HOME");
    refused(2, "Größe/bad.yaml:1: the key 'model' is missing", bare.run("run", "Größe/bad.yaml"));
  }

  @Test
  void unknownNamesAreAnsweredWithTheNearest() {
    refused(
        2,
        "unknown backend 'pytroch': did you mean pytorch?",
        run("run", EXPERIMENT, "--backend", "pytroch"));
    refused(
        2,
        "unknown probe 'liner': did you mean linear?",
        run("run", EXPERIMENT, "--set", "probes.direction.use=liner"));
    refused(
        2,
        "unknown decoder 'logistics': did you mean logistic?",
        run("run", EXPERIMENT, "--set", "probes.direction.with.decoders=[logistics]"));
    refused(
        2,
        "did you mean hook_resid_post",
        run("run", EXPERIMENT, "--set", "probes.direction.with.read=[blocks.*.hook_resid_pots]"));
    refused(
        2,
        "the model has 4 blocks",
        run("run", EXPERIMENT, "--set", "probes.direction.with.read=[blocks.9.hook_resid_post]"));
    refused(
        2,
        "unknown key; did you mean tokens?",
        run("run", EXPERIMENT, "--set", "probes.direction.with.token=last"));
    refused(2, "no column 'lable'", run("run", EXPERIMENT, "--set", "data.label=lable"));
    refused(
        2,
        "unknown token selector",
        run("run", EXPERIMENT, "--set", "probes.direction.with.tokens=latest"));
    refused(2, "nothing is called 'linaer'; did you mean linear?", run("describe", "linaer"));
  }

  @Test
  void whatCannotBeStoredOrDoesNotFitIsRefusedBeforeAnyPass() throws IOException {
    refused(
        2,
        "blocks.0.attn.hook_pattern cannot be captured",
        run("run", EXPERIMENT, "--set", "probes.direction.with.read=[blocks.*.attn.hook_pattern]"));
    refused(
        2,
        "there is no token 99",
        run("run", EXPERIMENT, "--set", "probes.direction.with.tokens=index:99"));
    Distribution limited =
        new Distribution(folder)
            .with("SONDE_CACHE", folder.resolve("empty-cache"))
            .with("SONDE_STORE_LIMIT", "0.00001");
    refused(2, "sonde store gc", limited.run("run", EXPERIMENT, "--out", "limited"));
    Distribution.Said dry = limited.run("run", EXPERIMENT, "--dry-run");
    refused(2, "SONDE_STORE_LIMIT", dry);
    assertThat(dry.out()).contains("the store grows by");
    assertThat(folder.resolve("limited")).doesNotExist();
  }

  @Test
  void overlongPromptsAreRefusedByIdUnlessTheyMayBeCut() throws IOException {
    Path data =
        Files.writeString(
            folder.resolve("long.jsonl"),
            "{\"id\": \"r1\", \"t\": \"%s\"}\n".formatted("Q : ".repeat(2_000)));
    Object[] capture = {
      "capture",
      "--model",
      MODEL,
      "--data",
      data,
      "--text",
      "t",
      "--read",
      "hook_embed",
      "--tokens",
      "last",
      "--out",
      "long.safetensors",
      "--set",
      "data.truncation_side=none"
    };
    refused(2, "row 'r1' of data has", run(capture));
    capture[capture.length - 1] = "data.truncation_side=left";
    Distribution.Said cut = run(capture);
    assertThat(cut.code()).as(cut.err()).isZero();
    assertThat(cut.err()).contains("1 of 1 prompts");
  }

  @Test
  void malformedDataIsRefusedByLine() throws IOException {
    Path data = folder.resolve("rows.jsonl");
    Files.writeString(data, "{\"text\": \"a\"}\n{\"text\": \n");
    refused(
        2,
        "rows.jsonl:2: is not a JSON object",
        run("run", EXPERIMENT, "--set", "data.path=" + data));
    Files.writeString(data, "{\"text\": \"a b\", \"label\": \"memory\", \"group\": \"g\"}\n");
    refused(2, "has one value only", run("run", EXPERIMENT, "--set", "data.path=" + data));
    refused(2, "there is no such file", run("run", EXPERIMENT, "--set", "data.path=none.jsonl"));
  }

  @Test
  void aModelThatCannotBeOpenedIsRefusedByFileAndField() throws IOException {
    refused(4, "there is no such folder", run("run", EXPERIMENT, "--model", "nowhere"));
    Path copy = copyModel();
    Files.delete(copy.resolve("model.safetensors"));
    refused(4, "has no weights", run("run", EXPERIMENT, "--model", copy));
    copy = copyModel();
    byte[] weights = Files.readAllBytes(copy.resolve("model.safetensors"));
    Files.write(copy.resolve("model.safetensors"), Arrays.copyOf(weights, 5000));
    refused(4, "lies outside", run("run", EXPERIMENT, "--model", copy));
    Files.write(copy.resolve("model.safetensors"), new byte[] {1, 2, 3});
    refused(4, "too few for a header", run("run", EXPERIMENT, "--model", copy));
    copy = copyModel();
    Path config = copy.resolve("config.json");
    String text = Files.readString(config);
    Files.writeString(config, text.replace("\"llama\"", "\"mamba\""));
    refused(
        4, "field 'model_type' (mamba) is not supported", run("run", EXPERIMENT, "--model", copy));
    Files.writeString(config, text.replace("\"hidden_size\": 128", "\"hidden_size\": 64"));
    Distribution.Said shapes = run("run", EXPERIMENT, "--model", copy, "--out", "shapes");
    refused(4, "config.json makes it", shapes);
    Files.delete(copy.resolve("tokenizer.json"));
    Files.writeString(config, text);
    refused(4, "brings no tokenizer", run("run", EXPERIMENT, "--model", copy));
  }

  @Test
  void anUnwritableFolderIsRefusedWithItsRemedy() {
    refused(2, "cannot be written", run("run", EXPERIMENT, "--out", "/proc/nothing"));
    Distribution.Said said =
        new Distribution(folder)
            .with("SONDE_CACHE", "/proc/nothing")
            .run("run", EXPERIMENT, "--backend", "reference");
    refused(2, "SONDE_CACHE", said);
  }

  @Test
  void aMachineWithoutAJdkIsToldWhatToInstall() throws IOException {
    Path tools = Files.createDirectories(folder.resolve("bin"));
    for (String tool : new String[] {"sed", "dirname", "readlink", "sh"}) {
      Path found =
          Stream.of("/bin", "/usr/bin")
              .map(d -> Path.of(d, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(tools.resolve(tool), found);
    }
    String script =
        Files.readString(Distribution.HOME.resolve("bin/sonde"))
            .replace("/usr/lib/jvm/*", "/nowhere/*");
    Path lonely = Files.writeString(folder.resolve("sonde"), script);
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", lonely.toString(), "demo");
    builder.environment().clear();
    builder.environment().put("PATH", tools.toString());
    builder.environment().put("HOME", folder.toString());
    Process process = builder.redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(said).contains("needs a JDK 25");
    assertThat(process.onExit().join().exitValue()).isEqualTo(2);
  }

  private Distribution.Said run(Object... arguments) {
    return new Distribution(folder).run(arguments);
  }

  private static void refused(int code, String message, Distribution.Said said) {
    assertThat(said.err()).containsIgnoringCase(message).doesNotContain("\tat ");
    assertThat(said.code()).as(said.err()).isEqualTo(code);
  }

  private Path copyModel() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("model"));
    for (String name :
        new String[] {
          "config.json", "generation_config.json", "model.safetensors", "tokenizer.json"
        }) {
      Files.copy(MODEL.resolve(name), copy.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
    return copy;
  }
}
