package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** StarCoder 2. */
final class StarCoder2 implements Family {
  /** Of all published models; no key says it. */
  private static final long WINDOW = 4096;

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "starcoder2", "Starcoder2ForCausalLM");
    config.put("hidden_act", "gelu_pytorch_tanh");
    config.put("norm_epsilon", given.real("attention.layer_norm_epsilon"));
    config.put("use_bias", given.has("blk.0.attn_q.bias"));
    config.put("sliding_window", WINDOW);
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            Dense.block("ffn_up", "mlp.c_fc"),
            Dense.block("ffn_down", "mlp.c_proj"),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
