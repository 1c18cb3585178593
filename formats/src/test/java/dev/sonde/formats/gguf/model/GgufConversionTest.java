package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.gguf.Fixtures;
import dev.sonde.formats.huggingface.ModelFolder;
import dev.sonde.formats.json.Json;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.Tensor;
import dev.sonde.formats.safetensors.TensorFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GgufConversionTest {
  private static final GgufConversion.Progress SILENT = (weight, done, total) -> {};

  @TempDir Path parent;

  @ParameterizedTest
  @CsvSource({"llama, F16", "mistral, BF16", "smollm, F32"})
  void theFolderHoldsTheWeightsInTheTypeTheyAreStoredAs(String name, DType matrices)
      throws IOException {
    Path folder = convert(name);

    Map<String, Tensor> read = TensorFolder.open(folder, "model", Arena.ofAuto()).tensors();
    Map<String, Tensor> expected = Fixtures.expected(name);
    assertThat(read.keySet()).isEqualTo(expected.keySet());
    read.forEach(
        (key, tensor) ->
            assertThat(Fixtures.floats(tensor))
                .as(key)
                .isEqualTo(Fixtures.floats(expected.get(key))));
    assertThat(read.get("model.embed_tokens.weight").dtype()).isEqualTo(matrices);
    assertThat(read.get("model.norm.weight").dtype()).isEqualTo(DType.F32);
  }

  @Test
  void theFolderIsOneThatModelsAreOpenedFrom() throws IOException {
    Path folder = convert("smollm");

    ModelFolder model = ModelFolder.open(folder);

    assertThat(model.spec().layers()).isEqualTo(2);
    assertThat(model.spec().head().tied()).isTrue();
    assertThat(model.endOfSequence()).containsExactly(291);
    assertThat(model.tokenizer()).isPresent();
    assertThat(names(folder))
        .containsExactly(
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json");
    Path config = folder.resolve("tokenizer_config.json");
    assertThat(Json.object(config, Files.readAllBytes(config))).containsKey("chat_template");
  }

  @Test
  void twoConversionsAreTheSameToTheByte() throws IOException {
    Path first = convert("gpt-oss");
    Path second = parent.resolve("second");
    GgufConversion.convert(Fixtures.file("gpt-oss.gguf"), second, SILENT);
    for (String name : names(first)) {
      assertThat(second.resolve(name)).hasSameBinaryContentAs(first.resolve(name));
    }
  }

  @Test
  void progressCountsTheBytesOfEveryWeight() throws IOException {
    List<String> weights = new ArrayList<>();
    List<Long> left = new ArrayList<>();
    GgufConversion.convert(
        Fixtures.file("smollm.gguf"),
        parent.resolve("model"),
        (weight, done, total) -> {
          weights.add(weight);
          left.add(total - done);
        });
    assertThat(weights).hasSize(20).startsWith("model.embed_tokens.weight");
    assertThat(left).isSortedAccordingTo((a, b) -> Long.compare(b, a)).endsWith(0L);
  }

  @Test
  void beforeItIsCompleteNothingStandsUnderItsNameAndNothingHasAConfiguration() throws IOException {
    Path folder = parent.resolve("model");
    GgufConversion.convert(
        Fixtures.file("smollm.gguf"),
        folder,
        (weight, done, total) -> {
          assertThat(folder).doesNotExist();
          assertThat(names(parent))
              .singleElement()
              .asString()
              .matches("model\\.[0-9a-f]{16}\\.unfinished")
              .satisfies(
                  name ->
                      assertThat(names(parent.resolve(name).resolve("content")))
                          .doesNotContain("config.json"));
        });
    assertThat(names(parent)).containsExactly("model");
  }

  @Test
  void aConversionThatFailsLeavesNothing() {
    assertThatThrownBy(
            () ->
                GgufConversion.convert(
                    Fixtures.file("smollm.gguf"),
                    parent.resolve("model"),
                    (weight, done, total) -> {
                      throw new IllegalStateException("enough");
                    }))
        .hasMessage("enough");
    assertThat(names(parent)).isEmpty();
  }

  @Test
  void aFileThatIsNoModelLeavesNothing() {
    assertThatThrownBy(
            () ->
                GgufConversion.convert(
                    Fixtures.file("types.gguf"), parent.resolve("model"), SILENT))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("architecture 'none' is not supported");
    assertThat(names(parent)).isEmpty();
  }

  @Test
  void aWeightThatCannotBeDecodedIsFoundBeforeAnythingIsWritten() {
    Path tiny = new TinyModel().integer("blk.0.ffn_down.weight").write(parent.resolve("tiny.gguf"));
    List<String> written = new ArrayList<>();
    assertThatThrownBy(
            () ->
                GgufConversion.convert(
                    tiny, parent.resolve("model"), (weight, done, total) -> written.add(weight)))
        .hasMessage("blk.0.ffn_down.weight holds integers (I32)");
    assertThat(written).isEmpty();
    assertThat(names(parent)).containsExactly("tiny.gguf");
  }

  @Test
  void aFolderThatExistsIsLeftAlone() throws IOException {
    Path folder = Files.createDirectory(parent.resolve("model"));
    assertThatThrownBy(() -> GgufConversion.convert(Fixtures.file("smollm.gguf"), folder, SILENT))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(names(folder)).isEmpty();
  }

  private Path convert(String name) throws IOException {
    Path folder = parent.resolve("first");
    GgufConversion.convert(Fixtures.file(name + ".gguf"), folder, SILENT);
    return folder;
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
