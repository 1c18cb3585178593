package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** GLM 4.5 and later, with experts behind dense blocks. */
final class Glm4Mixture implements Family {
  /** How llama.cpp writes that experts are scored by sigmoids. */
  private static final long SIGMOID = 2;

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    given.refuse("rope.dimension_sections", "is there: GLM 4 with images is not supported");
    if (given.optionalWhole("expert_gating_func").orElse(SIGMOID) != SIGMOID) {
      throw given.problem("expert_gating_func", "is not that of sigmoids");
    }
    Map<String, Object> config = Dense.config(given, "glm4_moe", "Glm4MoeForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    config.put("use_qk_norm", given.has("blk.0.attn_q_norm.weight"));
    config.put("partial_rotary_factor", given.turningShare());
    ExpertTensors.put(given, config, "n_routed_experts");
    config.put("moe_intermediate_size", given.whole("expert_feed_forward_length"));
    config.put("n_shared_experts", given.whole("expert_shared_count"));
    config.put("first_k_dense_replace", given.whole("leading_dense_block_count"));
    config.put("routed_scaling_factor", given.optionalReal("expert_weights_scale").orElse(1.0));
    config.put("norm_topk_prob", given.flag("expert_weights_norm").orElse(true));
    config.put("n_group", given.optionalWhole("expert_group_count").orElse(1L));
    config.put("topk_group", given.optionalWhole("expert_group_used_count").orElse(1L));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    Stream<Rule> inSome =
        Stream.of(
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
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            Dense.queryKeyNorms(Layout.asStored()),
            Dense.block("post_attention_norm", "post_attention_layernorm"),
            inSome,
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
