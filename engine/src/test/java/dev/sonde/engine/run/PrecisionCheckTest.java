package dev.sonde.engine.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.engine.host.Folders;
import dev.sonde.engine.tools.PrecisionCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionCheckTest {
  @TempDir Path folder;

  @Test
  void theErrorOfEveryBlockIsThatOfTheBackend() throws IOException {
    Files.createDirectories(folder.resolve("model"));
    PrecisionCheck.Result result = check().of(folder.resolve("model").toString(), "fake");

    assertThat(result.random()).isFalse();
    assertThat(result.tokens()).isPositive();
    assertThat(result.speedup()).isPositive();
    assertThat(result.layers())
        .hasSize(2)
        .allSatisfy(
            layer -> {
              assertThat(layer.median()).isCloseTo(0.01, within(1e-6));
              assertThat(layer.worst()).isCloseTo(0.01, within(1e-6));
            });
  }

  @Test
  void aModelThatIsNotThereIsRefused() {
    assertThatThrownBy(() -> check().of(folder.resolve("none").toString(), "fake"))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("there is no such folder");
  }

  private PrecisionCheck check() {
    Folders folders = new Folders(folder, List.of(), folder.resolve("cache"), Map.of());
    return new PrecisionCheck(
        new FakePlugin(context -> {}).registry(), folders, new Warnings(new ArrayList<>()));
  }
}
