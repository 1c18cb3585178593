package dev.sonde.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.engine.experiment.Experiment.ModelPart;
import dev.sonde.formats.hub.HubException;
import dev.sonde.formats.hub.HubListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubModelsTest {
  private static final String COMMIT = "0123456789".repeat(4);

  /** An address at which nobody answers. */
  private static final String NOBODY = "http://127.0.0.1:9";

  @TempDir Path folder;

  @Test
  void aCachedModelIsNamedByItsCommitWithoutARequest() throws IOException {
    Path repository = folder.resolve("models--org--name");
    Path snapshot = Files.createDirectories(repository.resolve("snapshots").resolve(COMMIT));
    Files.writeString(snapshot.resolve("config.json"), "{}");
    Files.writeString(snapshot.resolve("model.safetensors"), "");
    Files.writeString(Files.createDirectory(repository.resolve("refs")).resolve("main"), COMMIT);
    String pinned = "hf:org/name@" + COMMIT;
    ModelReference reference = reference("hf:org/name", Map.of("HF_HUB_OFFLINE", "1"));
    assertThat(reference.path()).isEqualTo(snapshot);
    assertThat(reference).hasToString(pinned);
    assertThat(reference.name()).isEqualTo(pinned);
    assertThat(reference("random:3:hf:org/name", Map.of("HF_HUB_OFFLINE", "1")))
        .hasToString("random:3:" + pinned);
  }

  @Test
  void aFolderIsNamedByItsLastPart() throws IOException {
    Files.createDirectory(folder.resolve("model"));
    ModelReference reference = reference("random:3:model", Map.of());
    assertThat(reference.name()).isEqualTo("random:3:model");
    assertThat(reference).hasToString("random:3:" + folder.resolve("model"));
  }

  @Test
  void aReferenceOrVariableThatCannotBeUsedIsTheUsersInput() {
    assertRefused(InvalidInputException.class, "hf:a b/c", Map.of(), "write hf:org/name");
    assertRefused(InvalidInputException.class, "hf:datasets/a/b/c.gguf", Map.of(), "is no model");
    assertRefused(InvalidInputException.class, "hf:a/b/c.txt", Map.of(), "is no model");
    assertRefused(
        InvalidInputException.class, "hf:a/b", Map.of("HF_ENDPOINT", "there"), "HF_ENDPOINT");
  }

  @Test
  void aModelThatIsNotInTheCacheCannotBeOpenedOffline() {
    assertRefused(
        ModelUnavailableException.class, "hf:a/b", Map.of("HF_HUB_OFFLINE", "1"), "HF_HUB_OFFLINE");
  }

  @Test
  void anInterruptionStaysOne() {
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> reference("hf:a/b", Map.of()))
          .isInstanceOfSatisfying(
              HubException.class,
              e -> assertThat(e.reason()).isEqualTo(HubException.Reason.INTERRUPTED));
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private void assertRefused(
      Class<?> type, String ref, Map<String, String> environment, String message) {
    assertThatThrownBy(() -> reference(ref, environment))
        .isInstanceOf(type)
        .hasMessageContaining(message);
  }

  private ModelReference reference(String ref, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_HUB_CACHE", folder.toString());
    environment.put("HF_ENDPOINT", NOBODY);
    environment.putAll(more);
    ModelPart part = new ModelPart(ref, folder, "fake", "float32", Optional.empty());
    return ModelReference.of(part, new HubModels(environment, HubListener.SILENT));
  }
}
