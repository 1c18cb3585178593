package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** SmolLM 3, a Llama of which every fourth block knows no positions. */
final class SmolLm3 implements Family {
  /** No key says it; llama.cpp has it by the architecture. */
  private static final long INTERVAL = 4;

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    given.expectWholeHeadsToTurn();
    Map<String, Object> config = Dense.config(given, "smollm3", "SmolLM3ForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("no_rope_layer_interval", INTERVAL);
    config.put("use_sliding_window", false);
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    config.put("mlp_bias", given.has("blk.0.ffn_up.bias"));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.rotaryPairs(given.headWidth())),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            Dense.mlp(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
