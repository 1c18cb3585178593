package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Cohere's Command R, whose attention and MLP run side by side after one norm. */
final class CommandR implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "cohere", "CohereForCausalLM");
    config.put("hidden_act", "silu");
    config.put("layer_norm_eps", given.real("attention.layer_norm_epsilon"));
    config.put("logit_scale", given.real("logit_scale"));
    config.put("use_qk_norm", given.has("blk.0.attn_q_norm.weight"));
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            Dense.queryKeyNorms(Layout.asStored()),
            Dense.mlp(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
