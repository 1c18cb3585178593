package dev.sonde.tokenizer.huggingface;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.api.Resources;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.api.text.TokenizerSource;
import dev.sonde.formats.gguf.model.GgufModel;
import dev.sonde.formats.json.Json;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Token ids by a GGUF file's tokenizer.json against those of the tokenizer the file was made with.
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
        "gpt2"
      })
  void textsHaveTheIdsOfTheTokenizerTheFileWasMadeWith(String name) throws IOException {
    Path json =
        Files.write(
            folder.resolve("tokenizer.json"),
            GgufModel.open(FIXTURES.resolve(name + ".gguf"), Arena.ofAuto()).tokenizer());
    Path recorded = FIXTURES.resolve(name + ".ids.json");
    List<?> rows = (List<?>) Json.object(recorded, Files.readAllBytes(recorded)).get("rows");

    try (Tokenizer tokenizer = open(json)) {
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

  private static Tokenizer open(Path file) {
    return new TokenizerJsonFactory()
        .open(
            new TokenizerSource(TokenizerSource.TOKENIZER_JSON, file),
            new Resources(2, Path.of("target", "cache")));
  }
}
