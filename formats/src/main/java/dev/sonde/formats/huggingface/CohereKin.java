package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Over;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Command R: attention and MLP beside each other behind one norm. */
final class CohereKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of("cohere", CohereKin::cohere, "cohere2", CohereKin::cohere2);

  private CohereKin() {}

  private static SpecBuilder common(Fields config) {
    return LlamaKin.of(config)
        .norm(NormSpec.layer(config.real("layer_norm_eps", 1e-5)))
        .rotary(r -> r.inPairs())
        .parallel()
        .logitScale(config.real("logit_scale", 0.0625))
        .tiedByDefault()
        .without(Part.MLP_NORM);
  }

  private static DecoderSpec cohere(Fields config) {
    SpecBuilder spec = common(config).rotary(r -> r.base(500_000));
    return config.flag("use_qk_norm", false) ? spec.queryKeyNorm(Over.HEAD).build() : spec.build();
  }

  /** Three sliding blocks for each full one, which knows no positions. */
  private static DecoderSpec cohere2(Fields config) {
    int every = config.size("sliding_window_pattern", 4, Integer.MAX_VALUE);
    config.pass("_sliding_window_pattern");
    config.pass("order_of_interleaved_layers");
    config.pass("use_gated_activation");
    config.pass("use_parallel_block");
    config.pass("use_parallel_embedding");
    config.pass("rotary_pct");
    Optional<Integer> window = config.optionalInteger("sliding_window", 4096);
    SpecBuilder spec = common(config).windows(window, layer -> (layer + 1) % every != 0);
    return spec.each(layer -> spec.kind(layer).equals(SpecBuilder.FULL), BlockBuilder::unrotated)
        .build();
  }
}
