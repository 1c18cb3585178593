package dev.sonde.formats.gguf.model;

import dev.sonde.formats.json.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * DeepSeek V2 and V3, and models built like them: latent attention, experts behind dense blocks.
 */
final class DeepSeek2 implements Family {
  /** How llama.cpp writes that experts are scored by sigmoids; V2 takes a softmax. */
  private static final long SIGMOID = 2;

  /** What converters multiply the exponent of YaRN's factor by. */
  private static final double EXPONENT = 0.1;

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    boolean third = given.optionalWhole("expert_gating_func").orElse(1L) == SIGMOID;
    Map<String, Object> config =
        third
            ? Dense.config(given, "deepseek_v3", "DeepseekV3ForCausalLM")
            : Dense.config(given, "deepseek_v2", "DeepseekV2ForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", false);
    attention(given, config);
    experts(given, config);
    if (!third) {
      boolean grouped = given.whole("expert_group_count") > 1;
      config.put("topk_method", grouped ? "group_limited_greedy" : "greedy");
    }
    RopeScaling.of(given)
        .ifPresent(
            scaling -> {
              // One number stands for both factors, which are one in all published models.
              double exponent = given.real("rope.scaling.yarn_log_multiplier") / EXPONENT;
              scaling.put("mscale", exponent);
              scaling.put("mscale_all_dim", exponent);
              config.put("rope_scaling", scaling);
            });
    return config;
  }

  /** Newer files are written for keys and values that stay narrow, with the true widths beside. */
  private static void attention(Hyperparameters given, Map<String, Object> config) {
    config.remove("head_dim");
    config.put("num_key_value_heads", given.heads());
    long rotated = given.whole("rope.dimension_count");
    long width =
        given
            .optionalWhole("attention.key_length_mla")
            .orElseGet(() -> given.whole("attention.key_length"));
    config.put("qk_rope_head_dim", rotated);
    config.put("qk_nope_head_dim", width - rotated);
    config.put(
        "v_head_dim",
        given
            .optionalWhole("attention.value_length_mla")
            .orElseGet(() -> given.whole("attention.value_length")));
    config.put("kv_lora_rank", given.whole("attention.kv_lora_rank"));
    config.put(
        "q_lora_rank",
        given.optionalWhole("attention.q_lora_rank").<Object>map(rank -> rank).orElse(Json.NONE));
  }

  private static void experts(Hyperparameters given, Map<String, Object> config) {
    ExpertTensors.put(given, config, "n_routed_experts");
    config.put("moe_intermediate_size", given.whole("expert_feed_forward_length"));
    config.put("n_shared_experts", given.whole("expert_shared_count"));
    config.put("first_k_dense_replace", given.whole("leading_dense_block_count"));
    config.put("routed_scaling_factor", given.optionalReal("expert_weights_scale").orElse(1.0));
    config.put("norm_topk_prob", given.flag("expert_weights_norm").orElse(false));
    // Converters of 2024 left them out, and no number is right for every model.
    config.put("n_group", given.whole("expert_group_count"));
    config.put("topk_group", given.whole("expert_group_used_count"));
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.block("attn_q", "self_attn.q_proj"),
            Dense.block("attn_q_a", "self_attn.q_a_proj"),
            Dense.block("attn_q_a_norm", "self_attn.q_a_layernorm"),
            Dense.block("attn_q_b", "self_attn.q_b_proj"),
            Dense.block("attn_kv_a_mqa", "self_attn.kv_a_proj_with_mqa"),
            Dense.block("attn_kv_a_norm", "self_attn.kv_a_layernorm"),
            keysAndValues(),
            Dense.block("attn_output", "self_attn.o_proj"),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            inSomeBlocks(given),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }

  /** As one matrix until 2025, as two since, in some files as both. */
  private static Stream<Rule> keysAndValues() {
    return Stream.concat(
        Dense.block("attn_kv_b", "self_attn.kv_b_proj"),
        Stream.of(
            new Rule(
                "model.layers.*.self_attn.kv_b_proj.weight",
                List.of("blk.*.attn_k_b.weight", "blk.*.attn_v_b.weight"),
                Layout.keysAndValues())));
  }

  private static Stream<Rule> inSomeBlocks(Hyperparameters given) {
    return Stream.of(
            Dense.mlp(),
            ExpertTensors.usual(given),
            Stream.of(
                Rule.of(
                    "blk.*.exp_probs_b.bias",
                    "model.layers.*.mlp.gate.e_score_correction_bias",
                    Layout.asStored())),
            ExpertTensors.shared("mlp.shared_experts"))
        .flatMap(rules -> rules)
        .map(Rule::ofSomeBlocks);
  }
}
