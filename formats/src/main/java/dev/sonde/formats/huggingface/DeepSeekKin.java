package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Latent;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** DeepSeek, and mixtures that are routed like its third version. */
final class DeepSeekKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of(
          "deepseek_v2", DeepSeekKin::v2,
          "deepseek_v3", DeepSeekKin::v3,
          "dots1", DeepSeekKin::dots,
          "glm4_moe", DeepSeekKin::glm4Moe,
          "glm4_moe_lite", DeepSeekKin::glm4MoeLite);

  private static final int MOST = 1 << 20;

  private DeepSeekKin() {}

  /** Latent attention, of whose scores YaRN takes its share twice. */
  private static SpecBuilder latent(Fields file, boolean inPairs) {
    Fields config =
        file.without("head_dim", "qk_head_dim", "num_key_value_heads", "num_key_value_groups");
    int plain = config.size("qk_nope_head_dim", 128, SpecBuilder.MOST_WIDTH);
    int rotated = config.size("qk_rope_head_dim", 64, SpecBuilder.MOST_WIDTH);
    int value = config.size("v_head_dim", 128, SpecBuilder.MOST_WIDTH);
    int queries = config.optionalInteger("q_lora_rank", 1536).orElse(0);
    int rank = config.size("kv_lora_rank", 512, SpecBuilder.MOST_WIDTH);
    SpecBuilder spec =
        LlamaKin.of(config)
            .rotary(r -> r.width(rotated).from(plain))
            .rotary(r -> inPairs ? r.inPairs() : r);
    Latent narrow = new Latent(queries, rank, plain, NormSpec.rms(1e-6));
    double scale = 1 / Math.sqrt(plain + rotated) * stretched(spec.rotaryReader().described());
    return spec.each(
        b -> {
          b.latent(narrow, rotated, value)
              .scale(scale)
              .without(Part.KEY, Part.VALUE)
              .name(Part.KEY_VALUE_DOWN, "self_attn.kv_a_proj_with_mqa")
              .name(Part.KEY_VALUE_DOWN_NORM, "self_attn.kv_a_layernorm")
              .name(Part.KEY_VALUE, "self_attn.kv_b_proj");
          if (queries > 0) {
            b.name(Part.QUERY_DOWN, "self_attn.q_a_proj")
                .name(Part.QUERY_DOWN_NORM, "self_attn.q_a_layernorm")
                .name(Part.QUERY, "self_attn.q_b_proj");
          }
        });
  }

  private static double stretched(Fields rope) {
    String type = rope.text("rope_type", rope.text("type", "default"));
    double all = rope.optionalReal("mscale_all_dim").orElse(0.0);
    if (type.equals("default") || all == 0) {
      return 1;
    }
    double magnitude = RotaryScaling.yarnMagnitude(rope.real("factor"), all);
    return magnitude * magnitude;
  }

  private static Mixture experts(Fields config, Router router, int usualCount, int usualShared) {
    int inner = config.size("moe_intermediate_size", SpecBuilder.MOST_WIDTH);
    int shared = config.optionalInteger("n_shared_experts", usualShared).orElse(0);
    config.pass("moe_layer_freq");
    config.pass("moe_router_topk");
    return new Mixture(config, Mixture.count(config, usualCount), inner, router)
        .shared(inner * shared);
  }

  private static DecoderSpec mixed(
      Fields config, SpecBuilder spec, Mixture experts, int usualDense, boolean corrected) {
    int dense = config.optionalInteger("first_k_dense_replace", usualDense).orElse(0);
    return spec.each(
            layer -> layer >= dense,
            b -> {
              experts.sharedIn(experts.in(b, "mlp", "gate"), "mlp.shared_experts");
              if (corrected) {
                b.name(Part.ROUTER_CORRECTION, "mlp.gate.e_score_correction_bias");
              }
            })
        .build();
  }

  private static DecoderSpec v2(Fields config) {
    config.pass("norm_topk_prob"); // transformers does not look at it
    config.pass("scoring_func");
    Router router =
        Router.of(Scores.SOFTMAX, config.size("num_experts_per_tok", MOST), false)
            .scaled(config.real("routed_scaling_factor", 1));
    String method = config.text("topk_method", "greedy");
    int groups = config.optionalInteger("n_group").orElse(1);
    int chosen = config.optionalInteger("topk_group").orElse(1);
    Router limited =
        switch (method) {
          case "greedy" -> router;
          case "group_limited_greedy" -> router.grouped(groups, chosen, 1);
          default -> throw config.problem("topk_method", "is not supported");
        };
    return mixed(config, latent(config, true), experts(config, limited, 64, 2), 0, false);
  }

  private static DecoderSpec v3(Fields file) {
    Fields config = file.with(Map.of(), Map.of("moe_intermediate_size", 2048L));
    boolean pairs = config.flag("rope_interleave", true);
    Router router = corrected(config, 8, 2.5, 8, 4, true);
    return mixed(config, latent(config, pairs), experts(config, router, 256, 1), 3, true);
  }

  /** Sigmoids, the choice corrected, groups by their two best. */
  private static Router corrected(
      Fields config, int chosen, double scale, int groups, int groupsChosen, boolean normalised) {
    config.pass("topk_method");
    config.pass("scoring_func");
    return Router.of(
            Scores.SIGMOID,
            config.size("num_experts_per_tok", chosen, MOST),
            config.flagOrNone("norm_topk_prob", normalised))
        .atLeast(1e-20)
        .scaled(config.real("routed_scaling_factor", scale))
        .grouped(
            config.optionalInteger("n_group", groups).orElse(1),
            config.optionalInteger("topk_group", groupsChosen).orElse(1),
            2);
  }

  private static DecoderSpec dots(Fields config) {
    Router router = corrected(config, 1, 1, 1, 1, false);
    Optional<Integer> window = config.optionalInteger("sliding_window", 4096);
    int full = config.optionalInteger("max_window_layers", 62).orElse(Integer.MAX_VALUE);
    SpecBuilder spec =
        LlamaKin.of(config)
            .queryKeyNorm(Over.HEAD)
            .windows(window, layer -> window.isPresent() && layer >= full);
    return mixed(config, spec, experts(config, router, 1, 0), 0, true);
  }

  private static DecoderSpec glm4Moe(Fields file) {
    Fields config =
        LlamaKin.epsilon5(file)
            .with(Map.of(), Map.of("num_key_value_heads", 8L, "moe_intermediate_size", 1408L));
    Router router = corrected(config, 8, 1, 1, 1, true);
    SpecBuilder spec = LlamaKin.of(config).rotary(r -> r.share(0.5));
    if (config.flag("use_qk_norm", false)) {
      spec.queryKeyNorm(Over.HEAD);
    }
    return mixed(config, spec, experts(config, router, 128, 1), 1, true);
  }

  private static DecoderSpec glm4MoeLite(Fields file) {
    Fields config =
        LlamaKin.epsilon5(file)
            .with(
                Map.of(),
                Map.of(
                    "moe_intermediate_size", 1536L,
                    "q_lora_rank", 768L,
                    "qk_nope_head_dim", 192L,
                    "v_head_dim", 256L))
            .without("partial_rotary_factor");
    boolean pairs = config.flag("rope_interleave", true);
    Router router = corrected(config, 4, 1.8, 1, 1, true);
    config.pass("mlp_layer_types");
    return mixed(config, latent(config, pairs), experts(config, router, 64, 1), 1, true);
  }
}
