package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** OLMo 2, whose norms stand after attention and MLP. */
final class Olmo2 implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    if (given.optionalWhole("attention.sliding_window").isPresent()) {
      throw given.problem("attention.sliding_window", "is there: OLMo 3 is not supported");
    }
    Map<String, Object> config = Dense.config(given, "olmo2", "Olmo2ForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.attention(Layout.asStored()),
            Dense.queryKeyNorms(Layout.asStored()),
            Dense.block("post_attention_norm", "post_attention_layernorm"),
            Dense.mlp(),
            Dense.block("post_ffw_norm", "post_feedforward_layernorm"),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
