package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Qwen 2 and Qwen 3 with experts in every block. */
final class QwenMixture implements Family {
  private final boolean third;

  /**
   * Either of them.
   *
   * @param third whether it is Qwen 3: queries and keys are normed, no expert is for all tokens
   */
  QwenMixture(boolean third) {
    this.third = third;
  }

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config =
        third
            ? Dense.config(given, "qwen3_moe", "Qwen3MoeForCausalLM")
            : Dense.config(given, "qwen2_moe", "Qwen2MoeForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    ExpertTensors.put(given, config, "num_experts");
    config.put("moe_intermediate_size", given.whole("expert_feed_forward_length"));
    config.put("decoder_sparse_step", 1L);
    config.put("mlp_only_layers", List.of());
    // As in the published configurations and in llama.cpp; converters write no key.
    config.put("norm_topk_prob", given.flag("expert_weights_norm").orElse(third));
    if (third) {
      config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    } else {
      config.put(
          "shared_expert_intermediate_size", given.whole("expert_shared_feed_forward_length"));
    }
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            third ? Dense.queryKeyNorms(Layout.asStored()) : Stream.<Rule>of(),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            ExpertTensors.usual(given),
            third ? Stream.<Rule>of() : shared(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> shared() {
    return Stream.concat(
        Dense.block("ffn_gate_inp_shexp", "mlp.shared_expert_gate", Layout.row()),
        ExpertTensors.shared("mlp.shared_expert"));
  }
}
