package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Gate;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Qwen 2 and 3, their mixtures, and those with delta nets. */
final class QwenKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.ofEntries(
          Map.entry("qwen2", QwenKin::qwen2),
          Map.entry("qwen2_moe", QwenKin::qwen2Moe),
          Map.entry("qwen3", QwenKin::qwen3),
          Map.entry("qwen3_moe", QwenKin::qwen3Moe),
          Map.entry("qwen3_next", QwenKin::qwen3Next),
          Map.entry("qwen3_5_text", QwenKin::qwen35),
          Map.entry("qwen3_5_moe_text", QwenKin::qwen35Moe));

  private static final String LINEAR = "linear_attention";

  private QwenKin() {}

  static DecoderSpec qwen2(Fields config) {
    return windows(config, LlamaKin.of(config)).build();
  }

  static DecoderSpec qwen3(Fields file) {
    Fields config = file.with(Map.of(), Map.of("head_dim", 128L));
    return windows(config, LlamaKin.of(config).queryKeyNorm(Over.HEAD)).build();
  }

  /** Blocks below {@code max_window_layers} see everything, unless {@code layer_types} says so. */
  private static SpecBuilder windows(Fields config, SpecBuilder spec) {
    int full = config.integer("max_window_layers", 28);
    Optional<Integer> window = config.optionalInteger("sliding_window", 4096);
    if (!config.flag("use_sliding_window", false)) {
      config.pass("layer_types");
      return spec;
    }
    return spec.windows(window, layer -> layer >= full);
  }

  /** Which blocks have experts. */
  private static IntPredicate mixed(Fields config) {
    int[] dense = config.integers("mlp_only_layers");
    int step = config.size("decoder_sparse_step", 1, Integer.MAX_VALUE);
    return layer -> IntStream.of(dense).noneMatch(l -> l == layer) && (layer + 1) % step == 0;
  }

  private static Router router(Fields config, int usual, boolean normalised) {
    return Router.of(
        Scores.SOFTMAX,
        config.size("num_experts_per_tok", usual, 1 << 20),
        config.flagOrNone("norm_topk_prob", normalised));
  }

  /** Experts with one for all tokens beside them, of which each takes a share. */
  private static SpecBuilder sharing(
      Fields config, SpecBuilder spec, Router router, int usualCount, IntPredicate mixed) {
    int inner = config.size("moe_intermediate_size", SpecBuilder.MOST_WIDTH);
    int shared = config.size("shared_expert_intermediate_size", SpecBuilder.MOST_WIDTH);
    Mixture experts =
        new Mixture(config, Mixture.count(config, usualCount), inner, router).shared(shared);
    return spec.each(
        mixed,
        b ->
            experts
                .sharedIn(experts.in(b, "mlp", "gate"), "mlp.shared_expert")
                .name(Part.SHARED_SHARE, "mlp.shared_expert_gate"));
  }

  private static DecoderSpec qwen2Moe(Fields file) {
    Fields config = file.with(Map.of(), Map.of("num_key_value_heads", 16L));
    SpecBuilder spec = windows(config, LlamaKin.of(config));
    return sharing(config, spec, router(config, 4, false), 60, mixed(config)).build();
  }

  static DecoderSpec qwen3Moe(Fields file) {
    Fields config = file.with(Map.of(), Map.of("num_key_value_heads", 4L));
    boolean slides = config.flag("use_sliding_window", false);
    Optional<Integer> window = config.optionalInteger("sliding_window").filter(w -> slides);
    config.pass("max_window_layers");
    Mixture experts =
        new Mixture(
            config,
            Mixture.count(config, 128),
            config.size("moe_intermediate_size", 768, SpecBuilder.MOST_WIDTH),
            router(config, 8, false));
    return LlamaKin.of(config)
        .queryKeyNorm(Over.HEAD)
        .window(window)
        .each(mixed(config), b -> experts.in(b, "mlp", "gate"))
        .build();
  }

  /** Three delta nets for each attention, whose output is gated. */
  private static SpecBuilder next(Fields file, boolean grouped) {
    Fields config =
        file.with(Map.of(), Map.of("num_key_value_heads", grouped ? 2L : 4L, "head_dim", 256L));
    int every = config.size("full_attention_interval", 4, Integer.MAX_VALUE);
    SpecBuilder spec =
        LlamaKin.of(config)
            .norm(kind -> kind.plus(1))
            .rotary(r -> r.share(0.25))
            .queryKeyNorm(Over.HEAD)
            .each(b -> b.gate(Gate.BESIDE_QUERY))
            .kinds(layer -> (layer + 1) % every == 0 ? SpecBuilder.FULL : LINEAR);
    DeltaNetSpec net =
        new DeltaNetSpec(
            config.size("linear_num_key_heads", 16, 1 << 16),
            config.size("linear_num_value_heads", 32, 1 << 16),
            config.size("linear_key_head_dim", 128, 1 << 16),
            config.size("linear_value_head_dim", 128, 1 << 16),
            config.size("linear_conv_kernel_dim", 4, 1 << 16),
            NormSpec.rms(spec.norm().epsilon()),
            grouped);
    if (net.valueHeads() % net.keyHeads() != 0) {
      throw config.problem("linear_num_key_heads", "does not divide linear_num_value_heads");
    }
    return spec.each(
        layer -> spec.kind(layer).equals(LINEAR), b -> deltaNet(b.mixer(net), grouped));
  }

  private static void deltaNet(BlockBuilder block, boolean grouped) {
    block
        .name(Part.CONVOLUTION, "linear_attn.conv1d")
        .name(Part.STATE_SPEED, "linear_attn.A_log")
        .name(Part.STATE_FADE_BIAS, "linear_attn.dt_bias")
        .name(Part.STATE_NORM, "linear_attn.norm")
        .name(Part.OUTPUT, "linear_attn.out_proj");
    if (grouped) {
      block
          .name(Part.DELTA_INPUT, "linear_attn.in_proj_qkvz")
          .name(Part.DELTA_RATES, "linear_attn.in_proj_ba");
    } else {
      block
          .name(Part.DELTA_INPUT, "linear_attn.in_proj_qkv")
          .name(Part.DELTA_GATE, "linear_attn.in_proj_z")
          .name(Part.DELTA_WRITE, "linear_attn.in_proj_b")
          .name(Part.DELTA_FADE, "linear_attn.in_proj_a");
    }
  }

  private static DecoderSpec qwen3Next(Fields file) {
    Fields config =
        file.with(
            Map.of(),
            Map.of("moe_intermediate_size", 512L, "shared_expert_intermediate_size", 512L));
    return sharing(config, next(config, true), router(config, 10, true), 512, mixed(config))
        .build();
  }

  static DecoderSpec qwen35(Fields config) {
    return next(config, false).build();
  }

  static DecoderSpec qwen35Moe(Fields file) {
    Fields config =
        file.with(
            Map.of(),
            Map.of(
                "num_key_value_heads", 2L,
                "moe_intermediate_size", 512L,
                "shared_expert_intermediate_size", 512L));
    Router router = Router.of(Scores.SOFTMAX, config.size("num_experts_per_tok", 8, 1 << 20), true);
    return sharing(config, next(config, false), router, 256, layer -> true).build();
  }
}
