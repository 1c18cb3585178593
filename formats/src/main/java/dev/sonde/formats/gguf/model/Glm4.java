package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** GLM 4 of April 2025, dense, with norms around attention and MLP. */
final class Glm4 implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    // Of models of texts and images converters reorder queries and keys.
    given.refuse("rope.dimension_sections", "is there: GLM 4 with images is not supported");
    given.refuse("nextn_predict_layers", "is there: blocks of further tokens are not supported");
    Map<String, Object> config = Dense.config(given, "glm4", "Glm4ForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    long rotary = given.whole("rope.dimension_count");
    config.put("partial_rotary_factor", (double) rotary / given.headWidth());
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            Dense.block("post_attention_norm", "post_self_attn_layernorm"),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            Dense.block("ffn_up", "mlp.gate_up_proj"),
            Dense.block("ffn_down", "mlp.down_proj"),
            Dense.block("post_ffw_norm", "post_mlp_layernorm"),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
