package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Llama, and what converters file under the same name: Mistral, which is a Llama with a sliding
 * window, and Mixtral, with experts.
 */
final class Llama implements Family {
  private static final String WINDOW = "attention.sliding_window";

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    given.expectWholeHeadsToTurn();
    long window = given.optionalWhole(WINDOW).orElse(0L);
    Map<String, Object> config = start(given, window > 0);
    if (window > 0) {
      config.put("sliding_window", window);
    }
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    if (isMixture(given)) {
      ExpertTensors.put(given, config, "num_local_experts");
      return config;
    }
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    config.put("mlp_bias", given.has("blk.0.ffn_up.bias"));
    return config;
  }

  private static Map<String, Object> start(Hyperparameters given, boolean slides) {
    if (isMixture(given)) {
      return Dense.config(given, "mixtral", "MixtralForCausalLM");
    }
    return slides
        ? Dense.config(given, "mistral", "MistralForCausalLM")
        : Dense.config(given, "llama", "LlamaForCausalLM");
  }

  private static boolean isMixture(Hyperparameters given) {
    return given.optionalWhole("expert_count").orElse(0L) > 0;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.rotaryPairs(given.headWidth())),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            isMixture(given) ? experts(given) : Dense.mlp(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> experts(Hyperparameters given) {
    return Stream.concat(
        Dense.block("ffn_gate_inp", "block_sparse_moe.gate"),
        ExpertTensors.apart(given, "block_sparse_moe.experts", List.of("w1", "w3", "w2")));
  }

  @Override
  public Set<String> inConfig() {
    return Set.of(RopeScaling.FREQUENCIES);
  }
}
