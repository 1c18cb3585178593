package dev.sonde.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.VectorFormat.Directions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files of the tests are written by src/test/python/make_control_vectors.py. */
class GgufFormatTest {
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final long PYTHON_SECONDS = 60;

  private final GgufFormat format = new GgufFormat();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"repeng", "llama-cpp", "odd"})
  void aFileIsWrittenAgainToTheByte(String name) throws IOException {
    Path original = RESOURCES.resolve(name + ".gguf");
    Path copy = folder.resolve("copy.gguf");
    format.write(copy, format.read(original));
    assertThat(Files.readAllBytes(copy)).isEqualTo(Files.readAllBytes(original));
  }

  @Test
  void directionNIsTheOutputOfBlockN() {
    Directions read = format.read(RESOURCES.resolve("repeng.gguf"));
    assertThat(read.vectors()).containsOnlyKeys(residual(1), residual(2), residual(3));
    assertThat(read.vectors().get(residual(3)))
        .containsExactly(3f, -0f, Float.MIN_VALUE, -1f, 3.4e38f);
    assertThat(read.metadata())
        .containsEntry("controlvector.model_hint", "mistral")
        .containsEntry("controlvector.layer_count:UINT32", "3");
  }

  @Test
  void whatIsWrittenAnewHasTheBytesOfTheIndependentImplementation() throws IOException {
    Directions read = format.read(RESOURCES.resolve("repeng.gguf"));
    Path file = folder.resolve("new.gguf");
    format.write(file, Directions.of(read.vectors(), Map.of("architecture", "mistral")));
    Directions again = format.read(file);
    assertThat(again.metadata())
        .containsEntry("sonde.measured_at", "hook_resid_post")
        .containsEntry("sonde.architecture", "mistral");
    Map<String, String> metadata = new LinkedHashMap<>(again.metadata());
    metadata.keySet().removeIf(key -> key.startsWith("sonde."));
    format.write(file, Directions.of(again.vectors(), metadata));
    assertThat(Files.readAllBytes(file))
        .isEqualTo(Files.readAllBytes(RESOURCES.resolve("repeng.gguf")));
  }

  @Test
  void onlyOutputsOfBlocksFromTheSecondOnAreHeld() {
    assertThat(format.holds(residual(1))).isTrue();
    assertThat(format.holds(residual(0))).isFalse();
    assertThat(format.holds(HookPoint.EMBED)).isFalse();
    assertThat(format.holds(HookPoint.of(2, "hook_mlp_out"))).isFalse();
    Directions first = Directions.of(Map.of(residual(0), new float[] {1}), Map.of());
    assertThatExceptionOfType(UnsupportedCapabilityException.class)
        .isThrownBy(() -> format.write(folder.resolve("a.gguf"), first))
        .withMessageContaining("blocks.0.hook_resid_post");
  }

  @Test
  void aFileCutAnywhereIsRefusedByName() throws IOException {
    byte[] whole = Files.readAllBytes(RESOURCES.resolve("llama-cpp.gguf"));
    Path cut = folder.resolve("cut.gguf");
    // The last tensor's padding may be missing: no number is.
    int padding = 32 - 5 * Float.BYTES;
    for (int length = 0; length < whole.length - padding; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatExceptionOfType(InvalidInputException.class)
          .as("%d bytes", length)
          .isThrownBy(() -> format.read(cut))
          .withMessageStartingWith(cut + ": ");
    }
  }

  @Test
  void aModelIsNoControlVector() {
    Path model = Path.of("../../formats/src/test/resources/gguf/llama.gguf");
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> format.read(model))
        .withMessage(
            "%s: is no control vector: its general.architecture is 'llama', not 'controlvector'",
            model);
  }

  @Test
  void layerZeroIsRefusedAsLlamaCppDoes() throws IOException {
    byte[] bytes = Files.readAllBytes(RESOURCES.resolve("llama-cpp.gguf"));
    String latin =
        new String(bytes, StandardCharsets.ISO_8859_1).replace("direction.1", "direction.0");
    Path zero =
        Files.write(folder.resolve("zero.gguf"), latin.getBytes(StandardCharsets.ISO_8859_1));
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> format.read(zero))
        .withMessageContaining("tensor 'direction.0'");
  }

  @Test
  void theGgufPackageOfLlamaCppReadsWhatIsWritten() throws Exception {
    String python = System.getenv().getOrDefault("SONDE_TEST_PYTHON", "python3");
    assumeTrue(
        succeeds(List.of(python, "-c", "import gguf")),
        () ->
            python
                + " has no gguf package; see src/test/python, or name another Python with SONDE_TEST_PYTHON");
    Path file = folder.resolve("exported.gguf");
    Map<HookPoint, float[]> vectors = new LinkedHashMap<>();
    vectors.put(residual(1), new float[] {1, -2.5f});
    vectors.put(residual(12), new float[] {0, 0.25f});
    format.write(file, Directions.of(vectors, Map.of("architecture", "llama")));
    assertThat(succeeds(List.of(python, "src/test/python/read_control_vector.py", file.toString())))
        .isTrue();
    assertThat(Files.readAllLines(folder.resolve("stdout")))
        .containsExactly(
            "general.architecture controlvector",
            "controlvector.model_hint llama",
            "controlvector.layer_count 2",
            "direction.1 F32 [2] [1.0, -2.5]",
            "direction.12 F32 [2] [0.0, 0.25]");
  }

  private boolean succeeds(List<String> command) throws InterruptedException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("stdout").toFile())
              .start();
      if (!process.waitFor(PYTHON_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return false;
      }
      return process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  private static HookPoint residual(int layer) {
    return HookPoint.of(layer, HookPoint.RESID_POST);
  }
}
