package dev.sonde.engine.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.formats.safetensors.DType;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code capture --overwrite} may replace, and what not. */
class CaptureOutputTest {
  private static final int SHARD = 100;

  @TempDir Path folder;

  @Test
  void anEarlierCaptureIsReplacedWithAllItsShards() throws IOException {
    write("rows", 3, false);
    assertThat(files(folder))
        .containsExactly(
            "rows-00001-of-00003.safetensors",
            "rows-00002-of-00003.safetensors",
            "rows-00003-of-00003.safetensors",
            "rows.safetensors.index.json");
    write("rows", 2, true);
    assertThat(files(folder))
        .containsExactly(
            "rows-00001-of-00002.safetensors",
            "rows-00002-of-00002.safetensors",
            "rows.safetensors.index.json");
    write("rows", 1, true);
    assertThat(files(folder)).containsExactly("rows.safetensors");
  }

  @Test
  void theWeightsOfAModelAreNoCapture() throws IOException {
    SafetensorsWriter.write(folder.resolve("model.safetensors"), List.of(), Map.of("format", "pt"));
    byte[] before = Files.readAllBytes(folder.resolve("model.safetensors"));
    assertKept("model.safetensors");
    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(before);
  }

  @Test
  void theShardsAndTheIndexOfAModelAreNoCapture() throws IOException {
    model("model");
    assertKept("model-00001-of-00002.safetensors");
    Files.delete(folder.resolve("model-00001-of-00002.safetensors"));
    assertKept("model-00002-of-00002.safetensors");
  }

  @Test
  void shardsOfALongerNameAreAnothersAndStay() throws IOException {
    write("model-large", 2, false);
    write("model", 1, false);
    write("model", 1, true);
    assertThat(files(folder))
        .hasSize(4)
        .contains("model-large-00001-of-00002.safetensors");
  }

  @Test
  void aCaptureThatFailsLeavesTheEarlierOneAndNothingElse() throws IOException {
    write("rows", 1, false);
    CaptureOutput output = CaptureOutput.of(folder, "rows", true);
    assertThatThrownBy(
            () ->
                output.write(
                    into -> {
                      Files.writeString(into.resolve("rows.safetensors"), "half");
                      throw new IOException("the disk is full");
                    }))
        .hasMessage("the disk is full");
    assertThat(files(folder)).containsExactly("rows.safetensors");
    CaptureOutput.of(folder, "rows", true);
  }

  private void assertKept(String name) throws IOException {
    List<String> before = files(folder);
    assertThatThrownBy(() -> CaptureOutput.of(folder, "model", true))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(name + " is no file that 'sonde capture' wrote, and is kept");
    assertThat(files(folder)).isEqualTo(before);
  }

  private void write(String stem, int shards, boolean overwrite) throws IOException {
    CaptureOutput.of(folder, stem, overwrite)
        .write(into -> fill(into, stem, shards, CaptureFile.FORMAT));
  }

  private void model(String stem) throws IOException {
    fill(folder, stem, 2, "pt");
  }

  private static void fill(Path into, String stem, int shards, String format) throws IOException {
    List<SafetensorsWriter.Slot> slots =
        IntStream.range(0, shards)
            .mapToObj(i -> new SafetensorsWriter.Slot("t" + i, DType.I8, List.of((long) SHARD)))
            .toList();
    try (Arena arena = Arena.ofConfined()) {
      SafetensorsWriter.createSharded(into, stem, slots, Map.of("format", format), SHARD, arena);
    }
  }

  /** The names of all files below a folder, in order. */
  private static List<String> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    }
  }
}
