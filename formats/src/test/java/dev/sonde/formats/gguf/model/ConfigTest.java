package dev.sonde.formats.gguf.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sonde.formats.gguf.Fixtures;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigTest {
  /** Fields that transformers 5 writes in another place or under another name. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "rope_theta",
          "rope_scaling",
          "rope_local_base_freq",
          "rotary_emb_base",
          "partial_rotary_factor",
          "sliding_window_pattern",
          "torch_dtype",
          // The converter takes it from the tokenizer.
          "pad_token_id");

  /** Fields that the file states and transformers leaves to its defaults. */
  private static final Set<String> IMPLIED =
      Set.of(
          "head_dim",
          "n_inner",
          "attention_bias",
          "use_sliding_window",
          // none in the file, which is left out when it is read
          "q_lora_rank");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "llama",
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
        "gemma3n"
      })
  void theFieldsAreThoseOfTheConfigurationItWasConvertedFrom(String name) {
    Map<String, Object> expected = Fixtures.json(name + ".config.json");
    Map<String, Object> config = new LinkedHashMap<>(config(name));

    config.keySet().removeAll(ELSEWHERE);
    if (name.equals("granitehybrid")) { // 2^20 whatever it was
      config.remove("max_position_embeddings");
    }
    config.keySet().removeIf(field -> IMPLIED.contains(field) && !expected.containsKey(field));
    assertThat(expected).containsAllEntriesOf(config);
  }

  @Test
  void rotaryFieldsStandWhereTransformersFourHasThem() {
    assertThat(config("llama"))
        .containsEntry("rope_theta", 500_000.0)
        .containsEntry(
            "rope_scaling",
            Map.of(
                "rope_type", "llama3",
                "factor", 8.0,
                "low_freq_factor", 1.0,
                "high_freq_factor", 4.0,
                "original_max_position_embeddings", 8192L));
    assertThat(config("gemma3"))
        .containsEntry("rope_theta", 1_000_000.0)
        .containsEntry("rope_local_base_freq", 10_000.0)
        .containsEntry("sliding_window_pattern", 6L);
    assertThat(config("gpt-oss"))
        .containsEntry(
            "rope_scaling",
            Map.of(
                "rope_type",
                "yarn",
                "factor",
                32.0,
                "beta_fast",
                32.0,
                "beta_slow",
                1.0,
                "truncate",
                false,
                "original_max_position_embeddings",
                16L));
    assertThat(config("phi3"))
        .containsEntry(
            "rope_scaling",
            Map.of(
                "type", "longrope",
                "long_factor", List.of(1.5, 2.25),
                "short_factor", List.of(1.0, 1.1)));
    assertThat(config("gptneox"))
        .containsEntry("rotary_pct", 0.5)
        .containsEntry("rotary_emb_base", 10_000.0);
  }

  @Test
  void theTypeOfTheMatricesIsNamed() {
    assertThat(config("llama")).containsEntry("torch_dtype", "float16");
    assertThat(config("mistral")).containsEntry("torch_dtype", "bfloat16");
    assertThat(config("smollm")).containsEntry("torch_dtype", "float32");
  }

  @Test
  void aLlamaWithASlidingWindowIsAMistral() {
    TinyModel tiny = new TinyModel().with("llama.attention.sliding_window", 4);
    assertThat(open(tiny).config())
        .containsEntry("model_type", "mistral")
        .containsEntry("architectures", List.of("MistralForCausalLM"))
        .containsEntry("sliding_window", 4L);
  }

  @Test
  void aListThatRepeatsOneNumberIsThatNumber() {
    TinyModel tiny = new TinyModel().withNumbers("llama.feed_forward_length", 1, 1);
    assertThat(open(tiny).config()).containsEntry("intermediate_size", 1L);
  }

  @Test
  void everyTokenThatEndsAGenerationIsNamedOnce() {
    TinyModel tiny =
        new TinyModel()
            .with("tokenizer.ggml.eos_token_id", 1)
            .with("tokenizer.ggml.eot_token_id", 2)
            .with("tokenizer.ggml.eom_token_id", 2)
            .with("tokenizer.ggml.padding_token_id", 99);
    assertThat(open(tiny).generationConfig()).isEqualTo(Map.of("eos_token_id", List.of(1L, 2L)));
    assertThat(open(tiny).config())
        .containsEntry("eos_token_id", 1L)
        .doesNotContainKey("pad_token_id");
  }

  private GgufModel open(TinyModel tiny) {
    return GgufModel.open(tiny.write(folder.resolve("tiny.gguf")), Arena.ofAuto());
  }

  private static Map<String, Object> config(String name) {
    return GgufModel.open(Fixtures.file(name + ".gguf"), Arena.ofAuto()).config();
  }
}
