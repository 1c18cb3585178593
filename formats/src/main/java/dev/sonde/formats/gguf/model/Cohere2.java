package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Cohere's Command R7B and Command A: three blocks that slide, and one without positions. */
final class Cohere2 implements Family {
  /** No key says it; llama.cpp has it by the architecture. */
  private static final long PATTERN = 4;

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    given.expectWholeHeadsToTurn();
    Map<String, Object> config = Dense.config(given, "cohere2", "Cohere2ForCausalLM");
    config.put("hidden_act", "silu");
    config.put("layer_norm_eps", given.real("attention.layer_norm_epsilon"));
    config.put("logit_scale", given.real("logit_scale"));
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    config.put("sliding_window", given.whole("attention.sliding_window"));
    config.put("layer_types", Gemma.layerTypes(given.blocks(), PATTERN));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            Dense.mlp(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
