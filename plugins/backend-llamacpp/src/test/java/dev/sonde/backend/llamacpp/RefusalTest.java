package dev.sonde.backend.llamacpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.model.ModelSource;
import dev.sonde.testkit.SettingsConfig;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is refused before any library is loaded. */
class RefusalTest {
  private static final Path LLAMA = Path.of("src/test/resources/parity/transformers/llama.gguf");

  @TempDir Path folder;

  private void refused(ModelSource source, String named) {
    assertThatThrownBy(() -> new LlamaCppBackendFactory().open(source))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining(named);
  }

  private ModelSource source(Path path) {
    return ModelSource.of(
        "it", path, Resources.of(folder), SettingsConfig.defaults(Options.settings()));
  }

  @Test
  void foldersFreshWeightsAndNumberTypesAreRefusedByName() {
    refused(source(folder), "GGUF");
    refused(source(LLAMA).freshSeed(1), "fresh");
    refused(source(LLAMA).dtype("bfloat16"), "dtype: bfloat16");
  }

  @Test
  void aDeviceThatIsNoneIsRefusedWithThoseThatAre() {
    assertThatThrownBy(() -> LlamaDevice.parse("abacus"))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("cpu, vulkan, cuda, metal");
    assertThat(LlamaDevice.parse("cuda:1")).isEqualTo(new LlamaDevice("cuda", 1));
  }

  @Test
  void aMissingLibraryIsSaidInOneLineWithTheCommandThatFetchesIt() {
    LlamaDevice metal = new LlamaDevice("no-such-device", 0);
    assertThatThrownBy(() -> LibraryFolder.find(Optional.empty(), metal))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("fetch-llamacpp.sh")
        .hasMessageNotContaining("\n");
    assertThatThrownBy(() -> LibraryFolder.find(Optional.of(folder.resolve("none")), metal))
        .hasMessageContaining("none");
  }
}
