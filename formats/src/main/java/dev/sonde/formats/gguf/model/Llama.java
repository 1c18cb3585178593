package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Llama, and Mistral, which converters file under the same name and which is a Llama with a sliding
 * window.
 */
final class Llama implements Family {
  private static final String WINDOW = "attention.sliding_window";

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    long rotary = given.optionalWhole("rope.dimension_count").orElse(given.headWidth());
    if (rotary != given.headWidth()) {
      throw given.problem(
          "rope.dimension_count", rotary + " is not the heads' width " + given.headWidth());
    }
    if (given.optionalWhole("expert_count").orElse(0L) > 0) {
      throw given.problem("expert_count", "is not zero: mixtures of experts are not supported");
    }
    long window = given.optionalWhole(WINDOW).orElse(0L);
    Map<String, Object> config =
        window > 0
            ? Dense.config(given, "mistral", "MistralForCausalLM")
            : Dense.config(given, "llama", "LlamaForCausalLM");
    if (window > 0) {
      config.put("sliding_window", window);
    }
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
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

  @Override
  public Set<String> inConfig() {
    return Set.of(RopeScaling.FREQUENCIES);
  }
}
