package dev.sonde.formats.huggingface;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which fields of config.json are heard, and what is said of the others. */
class ConfigFieldsTest {
  private static final String SHAPE =
      """
      "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
      "num_key_value_heads": 2, "vocab_size": 11, "head_dim": 4
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | \"is_causal\": false",
        "qwen3 | \"is_causal\": false",
        "gemma3_text | \"use_bidirectional_attention\": true",
        "gemma2 | \"use_bidirectional_attention\": true"
      })
  void symmetricAttentionIsComputed(String type, String field) {
    Families.Described read = read(type, field);

    assertThat(read.spec().isCausal()).isFalse();
    assertThat(read.remarks()).isEmpty();
  }

  @Test
  void aWindowOfSymmetricGemmaReachesHalfToBothSides() {
    AttentionSpec sliding =
        read("gemma3_text", "\"use_bidirectional_attention\": true, \"sliding_window\": 8")
            .spec()
            .attention(0)
            .orElseThrow();

    assertThat(sliding.sight()).isEqualTo(new AttentionSpec.Sight(5, false, true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "llama | \"use_bidirectional_attention\": true",
        "llama | \"position_embedding_type\": \"relative_key\"",
        "llama | \"alibi\": true",
        "llama | \"use_qk_norm\": true",
        "qwen2 | \"is_encoder_decoder\": true",
        "gemma4_text | \"top_k_experts\": 3, \"num_experts\": 2, \"moe_intermediate_size\": 4, \"enable_moe_block\": true",
        "gemma4_text | \"num_kv_shared_layers\": 2",
        "gemma3n_text | \"altup_active_idx\": 1, \"num_kv_shared_layers\": 0",
        "gemma3n_text | \"activation_sparsity_pattern\": [0.5], \"num_kv_shared_layers\": 0",
        "granitemoehybrid | \"layer_types\": [\"mamba\", \"rwkv\"]",
        "granitemoehybrid | \"normalization_function\": \"layernorm\"",
        "granitemoehybrid | \"mamba_n_heads\": 3, \"mamba_d_head\": 4",
        "bamba | \"mamba_n_groups\": 3, \"mamba_n_heads\": 4",
        "opt | \"do_layer_norm_before\": false",
        "bloom | \"apply_residual_connection_post_layernorm\": true"
      })
  void aKnownFieldWithAValueThatIsNotComputedIsRefusedByName(String type, String field) {
    assertThatThrownBy(() -> read(type, field))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining(field.substring(1, field.indexOf('"', 1)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"use_bidirectional_attention\": false",
        "\"use_bidirectional_attention\": null",
        "\"attention_dropout\": 0.5",
        "\"architectures\": [\"LlamaForCausalLM\"]",
        "\"bos_token_id\": 1",
        "\"initializer_range\": 0.02",
        "\"transformers_version\": \"5.23.0\"",
        "\"odd_field\": null"
      })
  void harmlessAndNeutralFieldsArePassedOverWithoutAWord(String field) {
    assertThat(read("llama", field).remarks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"odd_field\": 3", "\"rope_parameters\": {\"odd_field\": 3}"})
  void anUnknownFieldIsNamed(String field) {
    assertThat(read("llama", field).remarks())
        .singleElement()
        .asString()
        .contains("odd_field' (3) is not known in llama models and was passed over");
  }

  @Test
  void nullSwitchesTheCapsOfGemmaTwoOff() {
    DecoderSpec spec =
        read("gemma2", "\"attn_logit_softcapping\": null, \"final_logit_softcapping\": null")
            .spec();

    assertThat(spec.attention(0).orElseThrow().cap()).isZero();
    assertThat(spec.head().cap()).isZero();
  }

  @Test
  void absentCapsOfGemmaTwoAreItsDefaults() {
    DecoderSpec spec = read("gemma2", "\"_name_or_path\": \"\"").spec();

    assertThat(spec.attention(0).orElseThrow().cap()).isEqualTo(50);
    assertThat(spec.head().cap()).isEqualTo(30);
  }

  @ParameterizedTest
  @CsvSource({
    "mistral, sliding_window",
    "qwen2, sliding_window",
    "exaone4, sliding_window",
    "cohere2, sliding_window"
  })
  void aWindowOfNullIsNone(String type, String field) {
    assertThat(read(type, "\"" + field + "\": null, \"use_sliding_window\": false").spec())
        .extracting(spec -> spec.attention(0).orElseThrow().sight().window())
        .isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"rms_norm_eps", "tie_word_embeddings", "hidden_act", "is_causal"})
  void nullIsRefusedWhereAFieldCannotBeNone(String field) {
    assertThatThrownBy(() -> read("llama", "\"" + field + "\": null"))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("'" + field + "' (null) is none, which it cannot be");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt_neox | \"rotary_pct\": 0.5, \"rotary_emb_base\": 100 | \"rope_parameters\": {\"partial_rotary_factor\": 0.5, \"rope_theta\": 100}",
        "phi3 | \"partial_rotary_factor\": 0.5, \"rope_theta\": 100 | \"rope_parameters\": {\"partial_rotary_factor\": 0.5, \"rope_theta\": 100}",
        "phi | \"partial_rotary_factor\": 0.25 | \"rope_parameters\": {\"rope_type\": \"default\", \"partial_rotary_factor\": 0.25}",
        "stablelm | \"rope_theta\": 50, \"partial_rotary_factor\": 1.0 | \"rope_parameters\": {\"rope_theta\": 50, \"partial_rotary_factor\": 1.0}",
        "llama | \"rope_theta\": 50, \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2} | \"rope_parameters\": {\"rope_theta\": 50, \"rope_type\": \"linear\", \"factor\": 2}"
      })
  void rotaryFieldsMeanTheSameWhereverTheyStand(String type, String old, String recent) {
    Rotary before = rotary(type, old);
    Rotary after = rotary(type, recent);

    assertThat(after.width()).isEqualTo(before.width());
    assertThat(after.frequencies(5)).isEqualTo(before.frequencies(5));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "64 | \"rope_scaling\": {\"type\": \"linear\", \"factor\": 4} | 256",
        "64 | \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 64} | 256",
        "256 | \"rope_scaling\": {\"type\": \"yarn\", \"factor\": 4, \"original_max_position_embeddings\": 64} | 256",
        "64 | \"rope_scaling\": {\"type\": \"dynamic\", \"factor\": 4} | 256",
        "64 | \"rope_scaling\": null | 64"
      })
  void scalingLengthensTheContextThatWasLeftAsItWasTrained(int given, String rope, int longest) {
    assertThat(
            read("llama", "\"max_position_embeddings\": " + given + ", " + rope)
                .spec()
                .longestContext())
        .isEqualTo(longest);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"global_head_dim\": 6, \"num_global_key_value_heads\": 1",
        "\"per_layer_config\": {\"1\": {\"head_dim\": 6, \"num_key_value_heads\": 1}}"
      })
  void blocksOfGemmaFourThatSeeEverythingHaveHeadsOfTheirOwnWhereverTheFileSaysIt(String fields) {
    Families.Described read =
        read(
            "gemma4_text",
            fields
                + ", \"attention_k_eq_v\": true, \"hidden_size_per_layer_input\": 0,"
                + "\"layer_types\": [\"sliding_attention\", \"full_attention\"]");

    assertThat(read.remarks()).isEmpty();
    assertThat(read.spec().attention(0).orElseThrow().headWidth()).isEqualTo(4);
    assertThat(read.spec().attention(0).orElseThrow().keyValueHeads()).isEqualTo(2);
    AttentionSpec full = read.spec().attention(1).orElseThrow();
    assertThat(full.headWidth()).isEqualTo(6);
    assertThat(full.keyValueHeads()).isEqualTo(1);
    assertThat(full.rotary().orElseThrow().width()).isEqualTo(6);
    assertThat(read.spec().has(Part.VALUE, 0)).isTrue();
    assertThat(read.spec().has(Part.VALUE, 1)).isFalse();
  }

  @Test
  void theBoundsOfAStateSpacesStepsAreHeard() {
    StateSpaceSpec space =
        (StateSpaceSpec)
            read("bamba", "\"mamba_n_heads\": 4, \"time_step_limit\": [0.25, Infinity]")
                .spec()
                .block(0)
                .mixer();

    assertThat(space.leastStep()).isEqualTo(0.25);
    assertThat(space.mostStep()).isInfinite();
    assertThat(space.headWidth()).isEqualTo(4);
  }

  @Test
  void theLastBlocksOfGemmaThreeNTakeKeysOfTheLastOfTheirKindBeforeThem() {
    DecoderSpec spec =
        readShaped(
                "gemma3n_text",
                SHAPE.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 5"),
                "\"num_kv_shared_layers\": 2, \"layer_types\": "
                    + "[\"sliding_attention\", \"full_attention\", \"sliding_attention\","
                    + " \"sliding_attention\", \"full_attention\"]")
            .spec();

    assertThat(spec.attention(2).orElseThrow().keysOf()).isEmpty();
    assertThat(spec.attention(3).orElseThrow().keysOf()).contains(2);
    assertThat(spec.attention(4).orElseThrow().keysOf()).contains(1);
  }

  private static Rotary rotary(String type, String fields) {
    return read(type, fields).spec().attention(0).orElseThrow().rotary().orElseThrow();
  }

  private static Families.Described read(String type, String fields) {
    return readShaped(type, SHAPE, fields);
  }

  private static Families.Described readShaped(String type, String shape, String fields) {
    String config = "{\"model_type\": \"%s\", %s, %s}".formatted(type, shape, fields);
    Path file = Path.of("config.json");
    return Families.read(
        new Fields(file, Json.objectWithNone(file, config.getBytes(StandardCharsets.UTF_8))));
  }
}
