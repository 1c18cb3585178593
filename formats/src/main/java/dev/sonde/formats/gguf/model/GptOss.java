package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * gpt-oss, a mixture of experts. The folder's expert weights are {@code [experts, in, out]} with
 * alternating columns of gate and up, as Hugging Face unpacks the published ones.
 */
final class GptOss implements Family {
  private static final String EXPERTS = "model.layers.*.mlp.experts.";

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "gpt_oss", "GptOssForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", true);
    config.put("intermediate_size", given.whole("expert_feed_forward_length"));
    config.put("num_local_experts", given.whole("expert_count"));
    config.put("num_experts_per_tok", given.whole("expert_used_count"));
    config.put("sliding_window", given.whole("attention.sliding_window"));
    config.put("layer_types", Gemma.layerTypes(given.blocks(), 2));
    // As in the published configurations; no key says it.
    config.put("swiglu_limit", 7.0);
    RopeScaling.of(given)
        .ifPresent(
            scaling -> {
              scaling.put("truncate", false);
              config.put("rope_scaling", scaling);
            });
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            Stream.of(
                Rule.of(
                    "blk.*.attn_sinks.weight",
                    "model.layers.*.self_attn.sinks",
                    Layout.asStored())),
            Dense.block("post_attention_norm", "post_attention_layernorm"),
            Dense.block("ffn_gate_inp", "mlp.router"),
            experts(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> experts() {
    return Stream.of(
        new Rule(EXPERTS + "gate_up_proj", gateAndUp(".weight"), Layout.transposed()),
        new Rule(EXPERTS + "gate_up_proj_bias", gateAndUp(".bias"), Layout.alternating()),
        Rule.of("blk.*.ffn_down_exps.weight", EXPERTS + "down_proj", Layout.transposed()),
        Rule.of("blk.*.ffn_down_exps.bias", EXPERTS + "down_proj_bias", Layout.asStored()));
  }

  private static List<String> gateAndUp(String part) {
    return List.of("blk.*.ffn_gate_exps" + part, "blk.*.ffn_up_exps" + part);
  }
}
