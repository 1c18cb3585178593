package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** OLMo and its mixtures. */
final class OlmoKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of(
          "olmo", OlmoKin::olmo,
          "olmo2", OlmoKin::olmo2,
          "olmo3", OlmoKin::olmo3,
          "olmoe", OlmoKin::olmoe,
          "flex_olmo", OlmoKin::flexOlmo);

  private OlmoKin() {}

  /** Norms without a gain. */
  private static DecoderSpec olmo(Fields config) {
    double clip = config.optionalReal("clip_qkv").orElse(0.0);
    return LlamaKin.of(config).norm(NormSpec.layer(1e-5).bare()).each(b -> b.clip(clip)).build();
  }

  private static SpecBuilder second(Fields file) {
    return LlamaKin.of(LlamaKin.epsilon5(file))
        .queryKeyNorm(Over.TOKEN)
        .without(Part.ATTENTION_NORM, Part.MLP_NORM)
        .name(Part.ATTENTION_POST_NORM, "post_attention_layernorm")
        .name(Part.MLP_POST_NORM, "post_feedforward_layernorm");
  }

  private static DecoderSpec olmo2(Fields config) {
    return second(config).build();
  }

  /** Three sliding blocks for each full one; scaling concerns the full ones only. */
  private static DecoderSpec olmo3(Fields config) {
    SpecBuilder spec =
        second(config)
            .rotary(r -> r.base(500_000))
            .windows(
                Optional.of(config.integer("sliding_window", 4096)), layer -> (layer + 1) % 4 != 0);
    RotaryReader rotary = spec.rotaryReader();
    return spec.rotary(SpecBuilder.SLIDING, () -> rotary.plain(500_000)).build();
  }

  private static Mixture experts(Fields config, int count, int chosen) {
    Router router =
        Router.of(
            Scores.SOFTMAX,
            config.size("num_experts_per_tok", chosen, 1 << 20),
            config.flagOrNone("norm_topk_prob", false));
    return new Mixture(
        config,
        Mixture.count(config, count),
        config.size("intermediate_size", SpecBuilder.MOST_WIDTH),
        router);
  }

  private static DecoderSpec olmoe(Fields file) {
    Fields config = LlamaKin.epsilon5(file);
    double clip = config.optionalReal("clip_qkv").orElse(0.0);
    Mixture experts = experts(config, 64, 8);
    return LlamaKin.of(config)
        .queryKeyNorm(Over.TOKEN)
        .each(b -> experts.in(b.clip(clip), "mlp", "gate"))
        .build();
  }

  private static DecoderSpec flexOlmo(Fields file) {
    Fields config = file.with(Map.of(), Map.of("rms_norm_eps", 1e-6));
    Mixture experts = experts(config, 7, 5);
    return second(config)
        .rotary(r -> r.base(500_000))
        .each(b -> experts.in(b, "mlp", "gate"))
        .build();
  }
}
