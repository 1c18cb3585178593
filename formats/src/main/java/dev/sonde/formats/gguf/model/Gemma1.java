package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The first Gemma, whose unembedding is always its embedding. */
final class Gemma1 implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "gemma", "GemmaForCausalLM");
    config.put("hidden_act", "gelu_pytorch_tanh");
    config.put("hidden_activation", "gelu_pytorch_tanh");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", false);
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm", Layout.plusOne()),
            Dense.attention(Layout.asStored()),
            Dense.block("ffn_norm", "post_attention_layernorm", Layout.plusOne()),
            Dense.mlp(),
            Rule.module("output_norm", "model.norm", Layout.plusOne()))
        .flatMap(rules -> rules)
        .toList();
  }
}
