package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Over;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gemma: norms with a gain of one more than is stored, embeddings times the root of their width.
 */
final class GemmaKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of(
          "gemma", GemmaKin::gemma,
          "gemma2", GemmaKin::gemma2,
          "gemma3_text", GemmaKin::gemma3,
          "vaultgemma", GemmaKin::vaultGemma);

  private static final String SYMMETRIC = "use_bidirectional_attention";

  private GemmaKin() {}

  private static SpecBuilder common(Fields config) {
    return LlamaKin.of(config)
        .norm(kind -> kind.plus(1))
        .embeddingScale((float) Math.sqrt(config.integer("hidden_size")))
        .tiedByDefault();
  }

  private static Fields symmetric(Fields config, SpecBuilder spec) {
    if (config.flagOrNone(SYMMETRIC, false)) {
      spec.each(BlockBuilder::symmetric);
    }
    return config;
  }

  /** An early name of its non-linearity means the tanh approximation too. */
  private static DecoderSpec gemma(Fields file) {
    Fields config = file.with(Map.of(), Map.of("num_key_value_heads", 16L, "head_dim", 256L));
    boolean said = config.has("hidden_activation") && !config.isNone("hidden_activation");
    SpecBuilder spec = common(config);
    if (said) {
      spec.activation("hidden_activation", "gelu_pytorch_tanh");
    } else {
      String name = config.text("hidden_act", "gelu_pytorch_tanh");
      Activation kind =
          name.equals("gelu") ? Activation.GELU_TANH : Activation.of(config, "hidden_act", name);
      spec.each(b -> b.activation(kind));
    }
    symmetric(config, spec);
    return spec.build();
  }

  private static SpecBuilder second(Fields file) {
    Fields config =
        file.with(Map.of(), Map.of("head_dim", 256L, "num_key_value_heads", 4L))
            .without("hidden_act");
    SpecBuilder spec =
        common(config)
            .activation("hidden_activation", "gelu_pytorch_tanh")
            .scale(1 / Math.sqrt(config.real("query_pre_attn_scalar", 256)))
            .name(Part.ATTENTION_POST_NORM, "post_attention_layernorm")
            .name(Part.MLP_NORM, "pre_feedforward_layernorm")
            .name(Part.MLP_POST_NORM, "post_feedforward_layernorm");
    return spec;
  }

  /** Every other block slides, the first one does. */
  private static SpecBuilder sliding(Fields config, SpecBuilder spec) {
    Optional<Double> cap = config.optionalReal("attn_logit_softcapping", 50);
    return spec.each(b -> b.cap(cap.orElse(0.0)))
        .logitCap(config.optionalReal("final_logit_softcapping", 30))
        .windows(Optional.of(config.integer("sliding_window", 4096)), layer -> layer % 2 == 0);
  }

  private static DecoderSpec gemma2(Fields config) {
    SpecBuilder spec = sliding(config, second(config));
    symmetric(config, spec);
    return spec.build();
  }

  private static DecoderSpec vaultGemma(Fields config) {
    return sliding(config, second(config))
        .without(Part.ATTENTION_POST_NORM, Part.MLP_POST_NORM)
        .build();
  }

  /** Five sliding blocks for each full one; sliding ones turn by a base of their own. */
  static DecoderSpec gemma3(Fields config) {
    int every = config.size("sliding_window_pattern", 6, Integer.MAX_VALUE);
    config.pass("_sliding_window_pattern");
    config.pass("attn_logit_softcapping"); // read by transformers, never applied
    int given = config.integer("sliding_window", 4096);
    boolean symmetric = config.flagOrNone(SYMMETRIC, false);
    int window = symmetric ? given / 2 + 1 : given; // to both sides together
    SpecBuilder spec =
        second(config)
            .logitCap(config.optionalReal("final_logit_softcapping"))
            .rotary(r -> r.base(1_000_000))
            .queryKeyNorm(Over.HEAD)
            .windows(Optional.of(window), layer -> (layer + 1) % every != 0);
    symmetric(config, spec);
    RotaryReader rotary = spec.rotaryReader();
    double local = config.real("rope_local_base_freq", 10_000);
    return spec.rotary(SpecBuilder.SLIDING, () -> rotary.plain(local)).build();
  }
}
