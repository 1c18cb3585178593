package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** GGUF files as models, and as folders. */
class GgufIT {
  private static final Path SMALL =
      Path.of("../formats/src/test/resources/gguf/smollm.gguf").toAbsolutePath();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"pytorch", "reference"})
  void aFileAndTheFolderItConvertsToGiveTheSameTokensAndActivations(String backend) {
    Distribution.Said converted = sonde("convert", SMALL, "--out", "new/model");
    assertThat(converted.code()).as(converted.err()).isZero();
    assertThat(converted.lastLine()).isEqualTo("new/model");
    capture(SMALL, backend, "text=t", "file.safetensors");
    capture(Path.of("new/model"), backend, "text=t", "folder.safetensors");
    assertThat(Tensors.of(folder.resolve("file.safetensors")))
        .isEqualTo(Tensors.of(folder.resolve("folder.safetensors")));
  }

  @Test
  void conversationsGoThroughTheChatTemplateInsideAFile() {
    sonde("convert", SMALL, "--out", "model");
    capture(SMALL, "pytorch", "messages=chat", "file.safetensors");
    capture(Path.of("model"), "pytorch", "messages=chat", "folder.safetensors");
    assertThat(Tensors.of(folder.resolve("file.safetensors")))
        .isEqualTo(Tensors.of(folder.resolve("folder.safetensors")));
  }

  @Test
  void whatCannotBeConvertedIsRefusedAndNothingIsLeft() throws IOException {
    refused(4, "none.gguf", "convert", "none.gguf", "--out", "a");
    Files.writeString(folder.resolve("text.gguf"), "This is a letter and not a model.");
    refused(4, "text.gguf", "convert", "text.gguf", "--out", "a");
    byte[] whole = Files.readAllBytes(SMALL);
    Files.write(folder.resolve("cut.gguf"), Arrays.copyOf(whole, whole.length - 1000));
    refused(4, "cut.gguf", "convert", "cut.gguf", "--out", "a");
    refused(4, "is a folder", "convert", folder, "--out", "a");
    Files.createDirectory(folder.resolve("there"));
    refused(2, "there exists", "convert", SMALL, "--out", "there");
    refused(2, "cannot be written", "convert", SMALL, "--out", "/proc/no/model");
    refused(2, "Missing required option: '--out=DIR'", "convert", SMALL);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("text.gguf", "cut.gguf", "there", "stdout", "stderr");
    }
  }

  private void capture(Path model, String backend, String data, String out) {
    try {
      Files.writeString(
          folder.resolve("rows.jsonl"),
          """
          {"t": "Once upon a time", "chat": [{"role": "user", "content": "Who?"}]}
          {"t": "3 and 4", "chat": [{"role": "user", "content": "When?"}]}
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Distribution.Said said =
        sonde(
            "capture",
            "--model",
            model,
            "--backend",
            backend,
            "--data",
            "rows.jsonl",
            "--set",
            "data." + data,
            "--read",
            "blocks.*.hook_resid_post",
            "--tokens",
            "all",
            "--out",
            out);
    assertThat(said.code()).as(said.err()).isZero();
  }

  private Distribution.Said sonde(Object... arguments) {
    return new Distribution(folder).run(arguments);
  }

  private void refused(int code, String message, Object... arguments) {
    Distribution.Said said = sonde(arguments);
    assertThat(said.err()).contains(message).doesNotContain("\tat ");
    assertThat(said.code()).as(said.err()).isEqualTo(code);
  }
}
