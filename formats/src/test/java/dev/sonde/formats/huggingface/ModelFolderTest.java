package dev.sonde.formats.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sonde.formats.ContentHash;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.safetensors.SafetensorsWriter;
import dev.sonde.formats.safetensors.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFolderTest {
  private static final String CONFIG =
      """
      {"model_type": "llama", "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2,
       "num_attention_heads": 4, "num_key_value_heads": 2, "vocab_size": 11, "rms_norm_eps": 1e-5,
       "eos_token_id": [2, 3]}
      """;

  @TempDir Path folder;

  @BeforeEach
  void writeWeights() throws IOException {
    Tensor norm = Tensor.float32("model.norm.weight", Arena.ofAuto().allocate(32), 8);
    SafetensorsWriter.write(folder.resolve("model.safetensors"), List.of(norm), Map.of());
  }

  @Test
  void aLlamaConfigIsReadWithItsDefaults() throws IOException {
    ModelFolder model = open(CONFIG);
    DecoderSpec spec = model.spec();
    assertEquals(2, spec.layers());
    assertEquals(NormSpec.rms(1e-5), spec.finalNorm());
    assertEquals(2, attention(model).headWidth());
    assertEquals(1 / Math.sqrt(2), attention(model).scale());
    assertEquals(new DenseSpec(Activation.SILU, 16), spec.block(1).mlp());
    assertFalse(spec.head().tied());
    assertArrayEquals(new float[] {1}, rotary(model).frequencies(5));
    assertArrayEquals(new int[] {2, 3}, model.endOfSequence());
    assertEquals(8, model.parameters());
  }

  @Test
  void tokensOfImagesAreKnownByTheFieldThatNamesThem() {
    Path families = Path.of("../plugins/testkit/families");
    assertThat(ModelFolder.open(families.resolve("qwen3-vl")).refusedTokens())
        .isEqualTo(Map.of(5, "an image (image_token_id)", 4, "a video (video_token_id)"));
    assertThat(ModelFolder.open(families.resolve("gemma3-wrapped")).refusedTokens())
        .isEqualTo(Map.of(5, "an image (image_token_index)"));
    assertThat(ModelFolder.open(families.resolve("llama")).refusedTokens()).isEmpty();
  }

  @Test
  void theRotaryBaseIsFoundWhereTransformersFiveKeepsIt() throws IOException {
    ModelFolder model =
        open(
            CONFIG.replace(
                "}", ", \"head_dim\": 4, \"rope_parameters\": {\"rope_theta\": 500000.0}}"));
    assertEquals(1 / Math.sqrt(500_000), rotary(model).frequencies(5)[1], 1e-9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"llama\" | \"mamba\" | 'model_type'",
        "\"hidden_size\": 8, | '' | 'hidden_size' is missing",
        "\"hidden_size\": 8 | \"hidden_size\": \"8\" | 'hidden_size' (8) is not a whole number",
        "\"num_key_value_heads\": 2 | \"num_key_value_heads\": 3 | does not divide",
        "\"rms_norm_eps\" | \"hidden_act\": \"tanh\", \"rms_norm_eps\" | 'hidden_act'",
        "\"rms_norm_eps\" | \"rope_scaling\": {\"rope_type\": \"odd\"}, \"rms_norm_eps\" | 'rope_type'"
      })
  void aFieldThatWouldChangeTheNumbersIsRefusedByName(String from, String to, String reason) {
    assertThatThrownBy(() -> open(CONFIG.replace(from, to)))
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(folder.resolve("config.json").toString())
        .hasMessageContaining(reason);
  }

  @Test
  void aWeightOfTheWrongShapeIsRefused() throws IOException {
    Files.writeString(folder.resolve("config.json"), CONFIG.replace("8,", "16,"));
    assertThatThrownBy(() -> ModelFolder.open(folder).weights().finalNorm())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("has shape [8], config.json makes it [16]");
  }

  @Test
  void theContentHashFollowsTheConfiguration() throws IOException {
    ContentHash hashes = new ContentHash(folder.resolve("cache"));
    String before = open(CONFIG).contentHash(hashes);
    assertEquals(before, open(CONFIG).contentHash(hashes));
    assertNotEquals(before, open(CONFIG.replace("1e-5", "1e-6")).contentHash(hashes));
  }

  private static Rotary rotary(ModelFolder model) {
    return attention(model).rotary().orElseThrow();
  }

  private static AttentionSpec attention(ModelFolder model) {
    return model.spec().attention(0).orElseThrow();
  }

  private ModelFolder open(String config) throws IOException {
    Files.writeString(folder.resolve("config.json"), config);
    return ModelFolder.open(folder);
  }
}
