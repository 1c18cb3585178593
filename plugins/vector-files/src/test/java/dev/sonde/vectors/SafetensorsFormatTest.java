package dev.sonde.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.probe.VectorFormat.Directions;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsFormatTest {
  private final SafetensorsFormat format = new SafetensorsFormat();

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAgainAndWrittenToTheSameBytes() throws IOException {
    Path file = folder.resolve("a.safetensors");
    format.write(file, directions());
    Directions read = format.read(file);
    assertThat(read.vectors().get(HookPoint.EMBED)).containsExactly(1f, -0f);
    assertThat(read.vectors().get(HookPoint.of(2, "hook_mlp_out"))).containsExactly(0.5f, 3f);
    assertThat(read.metadata()).containsExactly(Map.entry("architecture", "llama"));
    Path again = folder.resolve("b.safetensors");
    format.write(again, read);
    assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(file));
  }

  @Test
  void aFileCutAnywhereIsRefusedByName() throws IOException {
    Path file = folder.resolve("a.safetensors");
    format.write(file, directions());
    byte[] whole = Files.readAllBytes(file);
    Path cut = folder.resolve("cut.safetensors");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      assertThatExceptionOfType(InvalidInputException.class)
          .as("%d bytes", length)
          .isThrownBy(() -> format.read(cut))
          .withMessageStartingWith(cut + ": ");
    }
  }

  @Test
  void matricesAreNoDirections() throws IOException {
    Path file = folder.resolve("a.safetensors");
    MemorySegment numbers = Arena.ofAuto().allocate(ValueLayout.JAVA_FLOAT, 6);
    SafetensorsWriter.write(
        file, List.of(Tensor.float32("blocks.1.hook_resid_post", numbers, 2, 3)), Map.of());
    assertThatExceptionOfType(InvalidInputException.class)
        .isThrownBy(() -> format.read(file))
        .withMessageContaining("F32 of shape [2, 3]");
  }

  private static Directions directions() {
    Map<HookPoint, float[]> vectors = new LinkedHashMap<>();
    vectors.put(HookPoint.EMBED, new float[] {1, -0f});
    vectors.put(HookPoint.of(2, "hook_mlp_out"), new float[] {0.5f, 3});
    return Directions.of(vectors, Map.of("architecture", "llama"));
  }
}
