package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** EXAONE 4: norms after attention and MLP; where blocks slide, the others know no positions. */
final class Exaone4 implements Family {
  private static final String WINDOW = "attention.sliding_window";

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "exaone4", "Exaone4ForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    given.optionalWhole(WINDOW).ifPresent(window -> config.put("sliding_window", window));
    config.put(
        "layer_types",
        given
            .slidingBlocks()
            .orElseGet(
                () -> {
                  if (given.optionalWhole(WINDOW).isPresent()) {
                    throw given.problem(WINDOW, "is there, and no key says which blocks slide");
                  }
                  return Gemma.layerTypes(given.blocks(), 1);
                }));
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

  @Override
  public Set<String> inConfig() {
    return Set.of(RopeScaling.FREQUENCIES);
  }
}
