package dev.sonde.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sonde.api.ModelUnavailableException;
import dev.sonde.api.Resources;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.gguf.model.GgufConversion;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tokenizer inside a GGUF file against the one the file was made with, and the one of the
 * folder it converts to.
 */
class GgufTokenizerTest {
  private static final Path FIXTURES = Path.of("../../formats/src/test/resources/gguf");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
        "mistral",
        "smollm",
        "qwen2",
        "qwen3",
        "gemma2",
        "gemma3",
        "olmo2",
        "phi3",
        "command-r",
        "gpt-oss",
        "gptneox",
        "gpt2",
        "mixtral",
        "qwen2moe",
        "qwen3moe",
        "olmoe",
        "gemma",
        "glm4",
        "deepseek-v2",
        "deepseek-v3",
        "granite",
        "granitemoe",
        "cohere2",
        "seed_oss",
        "smollm3",
        "starcoder2",
        "nemotron",
        "exaone4",
        "glm4moe",
        "lfm2",
        "qwen3next",
        "granitehybrid",
        "gemma3n",
        "qwen35-split",
        "deepseek-llm-split"
      })
  void textsHaveTheIdsOfTheTokenizerTheFileWasMadeWith(String name) throws IOException {
    Path recorded = FIXTURES.resolve(name + ".ids.json");
    check(FIXTURES.resolve(name + ".gguf"), Json.object(recorded, Files.readAllBytes(recorded)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"smollm2-135m-instruct-q4_1.gguf", "gemma-3-270m-q4_k_m.gguf"})
  void publishedModelsHaveTheIdsOfTheirPublishedTokenizers(String name) throws IOException {
    Path file = realModels().resolve(name);
    assumeTrue(Files.exists(file), file + " is missing; scripts/fetch-real-models.sh fetches it");
    Path recorded = FIXTURES.resolve("real-models.json");
    Map<?, ?> models = Json.object(recorded, Files.readAllBytes(recorded));
    check(file, (Map<?, ?>) models.get(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"smollm", "qwen3", "llama"})
  void theConvertedFolderHasTheSameTokenizerAndChatTemplate(String name) throws IOException {
    Path gguf = FIXTURES.resolve(name + ".gguf");
    GgufConversion.convert(gguf, folder.resolve("converted"), (weight, done, total) -> {});
    List<Message> conversation = List.of(Message.of("user", "What is 3 and 4?"));
    try (Tokenizer file = open(gguf);
        Tokenizer converted = open(folder.resolve("converted/tokenizer.json"))) {
      assertThat(file.chatTemplate()).isPresent().isEqualTo(converted.chatTemplate());
      String text = file.render(conversation, true);
      assertThat(text).contains("What is 3 and 4?").isEqualTo(converted.render(conversation, true));
      assertThat(file.encode(text, false).ids()).isEqualTo(converted.encode(text, false).ids());
      assertThat(file.encode(text, true).ids()).isEqualTo(converted.encode(text, true).ids());
    }
  }

  @Test
  void aFileThatIsNoGgufIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("model.gguf"), "not a model");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(ModelUnavailableException.class)
        .hasMessageContaining("model.gguf");
  }

  private static void check(Path gguf, Map<?, ?> recorded) {
    List<?> rows = (List<?>) recorded.get("rows");
    try (Tokenizer tokenizer = open(gguf)) {
      assertThat(rows).isNotEmpty();
      for (Object row : rows) {
        String text = (String) ((Map<?, ?>) row).get("text");
        List<?> ids = (List<?>) ((Map<?, ?>) row).get("ids");
        assertThat(tokenizer.encode(text, true).ids())
            .as(text)
            .containsExactly(ids.stream().mapToInt(id -> ((Long) id).intValue()).toArray());
      }
    }
  }

  private static Path realModels() {
    Path caches =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".cache"));
    return Optional.ofNullable(System.getenv("SONDE_CACHE"))
        .map(Path::of)
        .orElse(caches.resolve("sonde"))
        .resolve("real-models");
  }

  private static Tokenizer open(Path file) {
    return new TokenizerJsonFactory()
        .open(TokenizerSource.of(file), Resources.of(Path.of("target", "cache")).threads(2));
  }
}
