package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Temperature;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Mistral and its mixtures. */
final class MistralKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of(
          "mistral", MistralKin::mistral,
          "ministral", MistralKin::ministral,
          "ministral3", MistralKin::ministral3,
          "mixtral", MistralKin::mixtral);

  private MistralKin() {}

  private static DecoderSpec mistral(Fields file) {
    Fields config = file.with(Map.of(), Map.of("num_key_value_heads", 8L)).without("layer_types");
    return LlamaKin.of(config).window(config.optionalInteger("sliding_window", 4096)).build();
  }

  private static DecoderSpec ministral(Fields file) {
    Fields config = file.with(Map.of(), Map.of("num_key_value_heads", 8L));
    Optional<Integer> window = config.optionalInteger("sliding_window", 4096);
    return LlamaKin.of(config).windows(window, layer -> window.isPresent()).build();
  }

  /** Queries grow with their positions once these leave the trained context. */
  private static DecoderSpec ministral3(Fields file) {
    Map<String, Object> rope =
        Map.of(
            "rope_type", "yarn",
            "rope_theta", 1_000_000.0,
            "factor", 16.0,
            "original_max_position_embeddings", 16_384L,
            "beta_fast", 32.0,
            "beta_slow", 1.0,
            "mscale", 1.0,
            "mscale_all_dim", 1.0,
            "llama_4_scaling_beta", 0.1);
    Fields config =
        LlamaKin.epsilon5(LlamaKin.withRope(file, rope))
            .with(Map.of(), Map.of("num_key_value_heads", 8L, "head_dim", 128L))
            .without("layer_types");
    SpecBuilder spec = LlamaKin.of(config).window(config.optionalInteger("sliding_window"));
    Fields described = spec.rotaryReader().described();
    described.pass("max_position_embeddings");
    Optional<Double> growth = described.optionalReal("llama_4_scaling_beta");
    if (growth.isPresent()) {
      int every = described.size("original_max_position_embeddings", 1, Integer.MAX_VALUE);
      spec.each(b -> b.temperature(new Temperature(growth.get(), every, false)));
    }
    return spec.build();
  }

  private static DecoderSpec mixtral(Fields file) {
    Fields config = LlamaKin.epsilon5(file).with(Map.of(), Map.of("num_key_value_heads", 8L));
    Router router = Router.of(Scores.SOFTMAX, config.size("num_experts_per_tok", 2, 1 << 20), true);
    Mixture experts =
        new Mixture(
            config, Mixture.count(config, 8), config.integer("intermediate_size", 14_336), router);
    return LlamaKin.of(config)
        .rotary(r -> r.base(1_000_000))
        .window(config.optionalInteger("sliding_window"))
        .each(
            b -> experts.in(b, new String[] {"w1", "w3", "w2"}, "mlp", "gate", "block_sparse_moe"))
        .build();
  }
}
