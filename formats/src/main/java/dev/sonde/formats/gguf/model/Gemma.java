package dev.sonde.formats.gguf.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What Gemma 2 and 3 share: norms around attention and MLP, stored plus one. */
final class Gemma {
  private Gemma() {}

  /**
   * The fields both have.
   *
   * @param largest blocks of the family's largest model, which alone divides its attention scores
   *     by the root of its width per head; no key says so, llama.cpp goes by the blocks too
   */
  static Map<String, Object> config(
      Hyperparameters given, String type, String architecture, long largest) {
    Map<String, Object> config = Dense.config(given, type, architecture);
    config.put("hidden_activation", "gelu_pytorch_tanh");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", false);
    config.put(
        "query_pre_attn_scalar",
        given.blocks() == largest ? given.width() / given.heads() : given.headWidth());
    given.optionalWhole("attention.sliding_window").ifPresent(w -> config.put("sliding_window", w));
    for (String cap : List.of("attn_logit_softcapping", "final_logit_softcapping")) {
      given.optionalReal(cap).ifPresent(value -> config.put(cap, value));
    }
    return config;
  }

  /** Every so many blocks one sees everything, the others a window. */
  static List<String> layerTypes(long blocks, long every) {
    List<String> types = new ArrayList<>();
    for (long block = 1; block <= blocks; block++) {
      types.add(block % every == 0 ? "full_attention" : "sliding_attention");
    }
    return types;
  }

  static List<Rule> rules() {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm", Layout.plusOne()),
            Dense.attention(Layout.asStored()),
            Dense.queryKeyNorms(Layout.plusOne()),
            Dense.block("post_attention_norm", "post_attention_layernorm", Layout.plusOne()),
            Dense.block("ffn_norm", "pre_feedforward_layernorm", Layout.plusOne()),
            Dense.mlp(),
            Dense.block("post_ffw_norm", "post_feedforward_layernorm", Layout.plusOne()),
            Dense.head(Layout.plusOne()))
        .flatMap(rules -> rules)
        .toList();
  }
}
