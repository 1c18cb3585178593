package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Nemotron 4 and Minitron: LayerNorms whose gains are stored plus one, squared ReLU. */
final class Nemotron implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "nemotron", "NemotronForCausalLM");
    config.put("hidden_act", "relu2");
    config.put("norm_eps", given.real("attention.layer_norm_epsilon"));
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    config.put("mlp_bias", given.has("blk.0.ffn_up.bias"));
    config.put("partial_rotary_factor", given.turningShare());
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            norm("blk.*.attn_norm", "model.layers.*.input_layernorm"),
            Dense.attention(Layout.asStored()),
            norm("blk.*.ffn_norm", "model.layers.*.post_attention_layernorm"),
            Dense.block("ffn_up", "mlp.up_proj"),
            Dense.block("ffn_down", "mlp.down_proj"),
            norm("output_norm", "model.norm"),
            Rule.module("output", "lm_head"))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> norm(String source, String target) {
    return Stream.of(
        Rule.of(source + ".weight", target + ".weight", Layout.plusOne()),
        Rule.of(source + ".bias", target + ".bias", Layout.asStored()));
  }
}
