package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Phi 3, 3.5 and 4, whose queries, keys and values are one matrix, as are gate and up. */
final class Phi3 implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "phi3", "Phi3ForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    long rotary = given.optionalWhole("rope.dimension_count").orElse(given.headWidth());
    config.put("partial_rotary_factor", (double) rotary / given.headWidth());
    given
        .optionalWhole("rope.scaling.original_context_length")
        .ifPresent(length -> config.put("original_max_position_embeddings", length));
    // Zero stands for none.
    given
        .optionalWhole("attention.sliding_window")
        .filter(window -> window > 0)
        .ifPresent(window -> config.put("sliding_window", window));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.block("attn_qkv", "self_attn.qkv_proj"),
            Dense.block("attn_output", "self_attn.o_proj"),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            Dense.block("ffn_up", "mlp.gate_up_proj"),
            Dense.block("ffn_down", "mlp.down_proj"),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }

  @Override
  public Set<String> inConfig() {
    return Set.of(RopeScaling.LONG_FACTORS, RopeScaling.SHORT_FACTORS);
  }
}
