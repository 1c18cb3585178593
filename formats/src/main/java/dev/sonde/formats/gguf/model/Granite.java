package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Granite 3, dense or with experts: a Llama with factors. */
final class Granite implements Family {
  private static final String SHARED_WIDTH = "expert_shared_feed_forward_length";

  private final boolean mixture;

  /**
   * Either of them.
   *
   * @param mixture whether it has experts
   */
  Granite(boolean mixture) {
    this.mixture = mixture;
  }

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    if (!given.flag("rope.scaling.finetuned").orElse(true)) {
      throw given.problem(
          "rope.scaling.finetuned", "is false: Granite without positions is not supported");
    }
    Map<String, Object> config = start(given);
    config.remove("head_dim");
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    factors(given, config);
    if (mixture) {
      ExpertTensors.put(given, config, "num_local_experts");
      given
          .optionalWhole(SHARED_WIDTH)
          .ifPresent(width -> config.put("shared_intermediate_size", width));
    } else {
      config.put("mlp_bias", given.has("blk.0.ffn_up.bias"));
    }
    return config;
  }

  /** What all Granite models have. */
  static void factors(Hyperparameters given, Map<String, Object> config) {
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("logits_scaling", given.real("logit_scale"));
    config.put(
        "attention_multiplier",
        given.optionalReal("attention.scale").orElse(1 / Math.sqrt((double) given.headWidth())));
    config.put("embedding_multiplier", given.optionalReal("embedding_scale").orElse(1.0));
    config.put("residual_multiplier", given.optionalReal("residual_scale").orElse(1.0));
  }

  private Map<String, Object> start(Hyperparameters given) {
    if (!mixture) {
      return Dense.config(given, "granite", "GraniteForCausalLM");
    }
    return given.optionalWhole(SHARED_WIDTH).isPresent()
        ? Dense.config(given, "granitemoeshared", "GraniteMoeSharedForCausalLM")
        : Dense.config(given, "granitemoe", "GraniteMoeForCausalLM");
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.rotaryPairs(given.headWidth())),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            mixture ? experts() : Dense.mlp(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }

  /** Experts, and an MLP for all tokens beside them where there is one. */
  static Stream<Rule> experts() {
    String mixed = "block_sparse_moe.";
    return Stream.of(
            Dense.block("ffn_gate_inp", mixed + "router.layer"),
            ExpertTensors.together(mixed + "input_linear.weight", mixed + "output_linear.weight"),
            Stream.of(
                new Rule(
                    "model.layers.*.shared_mlp.input_linear.weight",
                    List.of("blk.*.ffn_gate_shexp.weight", "blk.*.ffn_up_shexp.weight"),
                    Layout.joined())),
            Dense.block("ffn_down_shexp", "shared_mlp.output_linear"))
        .flatMap(rules -> rules);
  }
}
