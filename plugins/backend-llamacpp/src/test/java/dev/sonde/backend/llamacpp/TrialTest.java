package dev.sonde.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.SondeException;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.LanguageModel;
import dev.sonde.api.model.ModelSource;
import dev.sonde.api.model.Read;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.testkit.Readings;
import dev.sonde.testkit.SettingsConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are broken, or made to break what reads them. */
@NeedsLibrary
class TrialTest {
  private static final Path FILES = Path.of("src/test/resources/parity");
  private static final int BROKEN = 12;

  @TempDir Path folder;

  private void read(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("model.gguf"), bytes);
    LlamaCppBackendFactory factory = new LlamaCppBackendFactory();
    Resources resources = Resources.of(folder.resolve("cache")).threads(1);
    ModelSource source =
        ModelSource.of("model", file, resources, SettingsConfig.defaults(factory.settings()));
    try (LanguageModel model = factory.open(source)) {
      Read read = Read.of(HookPoint.of(0, HookPoint.RESID_POST), Selector.all());
      assertThat(Readings.of(model, read, List.of(Sequence.of(3, 4))).size()).isEqualTo(2);
    }
  }

  @Test
  void aFileOnWhichLlamaCppEndsItsProcessIsRefusedWithTheAssertion() throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve("reference/gpt-oss.gguf"));
    String key = "gpt-oss.expert_used_count";
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(key) + key.length();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at + Integer.BYTES, 0);
    assertThatThrownBy(() -> read(bytes))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("model.gguf");
  }

  @Test
  void aFileThatCameThroughIsNotTriedAgain() throws IOException {
    byte[] bytes = Files.readAllBytes(FILES.resolve("transformers/llama.gguf"));
    read(bytes);
    List<Path> remembered;
    try (Stream<Path> files = Files.list(folder.resolve("cache/llamacpp"))) {
      remembered = files.toList();
    }
    assertThat(remembered).hasSize(1);
    Files.setLastModifiedTime(
        remembered.getFirst(), java.nio.file.attribute.FileTime.fromMillis(0));
    read(bytes);
    assertThat(Files.getLastModifiedTime(remembered.getFirst()).toMillis()).isZero();
  }

  @Test
  void truncatedFilesAndFilesWithOtherBitsAreRefusedOrRead() throws IOException {
    byte[] whole = Files.readAllBytes(FILES.resolve("reference/qwen3moe.gguf"));
    for (int seed = 0; seed < BROKEN; seed++) {
      Random random = new Random(seed);
      byte[] broken = Arrays.copyOf(whole, whole.length - seed % 2 * random.nextInt(whole.length));
      broken[random.nextInt(Math.min(broken.length, whole.length / 8))] ^=
          (byte) (1 << random.nextInt(Byte.SIZE));
      try {
        read(broken);
      } catch (SondeException e) {
        assertThat(e).hasMessageContaining("model");
      }
    }
  }
}
