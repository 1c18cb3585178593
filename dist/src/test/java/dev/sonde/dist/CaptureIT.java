package dev.sonde.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.formats.safetensors.SafetensorsFile;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureIT {
  private static final Path MODEL = Distribution.HOME.resolve("models/microworld");

  @TempDir Path folder;

  @Test
  void lastTokenRowsStandInFileOrderWithTheirTokens() throws IOException {
    Path data = data();
    assertThat(capture(data, "last", "last.safetensors").code()).isZero();
    SafetensorsFile file = open("last.safetensors");
    assertThat(file.tensor("blocks.0.hook_resid_post").shape()).containsExactly(3L, 128L);
    assertThat(file.tensors().keySet())
        .contains("blocks.3.hook_resid_post", "token_ids", "offsets", "row_ids", "positions");
    assertThat(integers(file.tensor("offsets"))).containsExactly(0L, 4L, 10L, 13L);
    assertThat(integers(file.tensor("positions"))).containsExactly(3L, 5L, 2L);
    assertThat(integers(file.tensor("row_ids"))).containsExactly(0L, 1L, 2L);
  }

  @Test
  void allTokensArePackedAndTheLastOfEachIsTheLastTokenRow() throws IOException {
    Path data = data();
    capture(data, "last", "last.safetensors");
    capture(data, "all", "all.safetensors");
    Tensor last = open("last.safetensors").tensor("blocks.3.hook_resid_post");
    Tensor all = open("all.safetensors").tensor("blocks.3.hook_resid_post");
    assertThat(all.shape()).containsExactly(13L, 128L);
    int[] ends = {3, 9, 12};
    for (int row = 0; row < 3; row++) {
      double apart = 0;
      double length = 0;
      for (int c = 0; c < 128; c++) {
        double expected = all.floatAt(ends[row] * 128L + c);
        apart += Math.pow(last.floatAt(row * 128L + c) - expected, 2);
        length += expected * expected;
      }
      // The last block runs for the tokens that are read only: other products, other last bits.
      assertThat(Math.sqrt(apart / length)).isLessThan(1e-5);
    }
    assertThat(integers(open("all.safetensors").tensor("row_ids")))
        .containsExactly(0L, 0L, 0L, 0L, 1L, 1L, 1L, 1L, 1L, 1L, 2L, 2L, 2L);
  }

  @Test
  void tokensMayStandBehindAnOddNumberOfNumbers() throws IOException {
    Distribution.Said run =
        capture(data(), "last", "odd.safetensors", "--read", "blocks.0.ln1.hook_scale");
    assertThat(run.code()).as(run.toString()).isZero();
    SafetensorsFile file = open("odd.safetensors");
    assertThat(integers(file.tensor("positions"))).containsExactly(3L, 5L, 2L);
  }

  @Test
  void synonymsThatAPatternAsksForKeepTheirNames() throws IOException {
    Path data = data();
    capture(data, "all", "pre.safetensors", "--read", "blocks.*.hook_resid_pre");
    SafetensorsFile file = open("pre.safetensors");
    assertThat(file.tensors().keySet())
        .contains("blocks.0.hook_resid_pre", "blocks.3.hook_resid_pre", "blocks.3.hook_resid_post");
    assertThat(
            file.tensor("blocks.3.hook_resid_pre")
                .data()
                .mismatch(file.tensor("blocks.2.hook_resid_post").data()))
        .isEqualTo(-1);
  }

  @Test
  void anExistingFileIsKeptUnlessToldOtherwise() throws IOException {
    Path data = data();
    capture(data, "mean", "mean.safetensors");
    Distribution.Said again = capture(data, "mean", "mean.safetensors");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("exists already; use --overwrite");
    assertThat(capture(data, "first", "mean.safetensors", "--overwrite").code()).isZero();
    assertThat(integers(open("mean.safetensors").tensor("positions"))).containsExactly(0L, 0L, 0L);
  }

  @Test
  void aModelThatGivesNoNumbersIsNamedAtCapture() throws IOException {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
      Files.copy(MODEL.resolve(name), broken.resolve(name));
    }
    byte[] weights = Files.readAllBytes(MODEL.resolve("model.safetensors"));
    Arrays.fill(weights, weights.length / 2, weights.length, (byte) 0xFF);
    Files.write(broken.resolve("model.safetensors"), weights);
    Distribution.Said said =
        capture(data(), "last", "nan.safetensors", "--model", broken.toString());
    assertThat(said.err()).contains("rows hold NaN or infinity");
  }

  private Path data() throws IOException {
    return Files.writeString(
        folder.resolve("rows.jsonl"),
        "{\"t\": \"Q : b\"}\n{\"t\": \"Q : b 3 .\"}\n{\"t\": \"A :\"}\n");
  }

  private Distribution.Said capture(Path data, String tokens, String out, String... more) {
    List<Object> arguments =
        new ArrayList<>(
            List.of(
                "capture",
                "--data",
                data,
                "--text",
                "t",
                "--read",
                "blocks.*.hook_resid_post",
                "--tokens",
                tokens,
                "--out",
                out));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--model")) {
      arguments.addAll(List.of("--model", MODEL));
    }
    return new Distribution(folder).run(arguments.toArray());
  }

  private SafetensorsFile open(String name) {
    return SafetensorsFile.open(folder.resolve(name), Arena.ofAuto());
  }

  private static long[] integers(Tensor tensor) {
    return tensor.data().toArray(ValueLayout.JAVA_LONG_UNALIGNED);
  }
}
