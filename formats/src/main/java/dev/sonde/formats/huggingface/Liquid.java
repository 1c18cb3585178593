package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** LFM 2: short convolutions, with attention in a few blocks. */
final class Liquid {
  private Liquid() {}

  private static SpecBuilder common(Fields file) {
    Fields config =
        file.with(
            Map.of("rms_norm_eps", "norm_eps", "tie_word_embeddings", "tie_embedding"),
            Map.of("rms_norm_eps", 1e-5, "num_key_value_heads", 8L));
    SpecBuilder spec = LlamaKin.of(config).rotary(r -> r.base(1_000_000)).tiedByDefault();
    int[] full = config.integers("full_attn_idxs");
    int length = config.size("conv_L_cache", 3, 1 << 16);
    config.pass("conv_bias");
    config.pass("conv_dim");
    config.pass("conv_dim_out");
    config.pass("conv_use_xavier_init");
    spec.kinds(
        layer ->
            full.length == 0 || IntStream.of(full).anyMatch(l -> l == layer)
                ? SpecBuilder.FULL
                : "conv");
    return spec.outside(Part.FINAL_NORM, "model.embedding_norm")
        .name(Part.ATTENTION_NORM, "operator_norm")
        .name(Part.MLP_NORM, "ffn_norm")
        .name(Part.OUTPUT, "self_attn.out_proj")
        .name(Part.GATE, "feed_forward.w1")
        .name(Part.UP, "feed_forward.w3")
        .name(Part.DOWN, "feed_forward.w2")
        .each(b -> b.queryKeyNorm(Over.HEAD, "self_attn.q_layernorm", "self_attn.k_layernorm"))
        .each(
            layer -> spec.kind(layer).equals("conv"),
            b ->
                b.mixer(new ConvolutionSpec(length))
                    .name(Part.CONVOLUTION_INPUT, "conv.in_proj")
                    .name(Part.CONVOLUTION, "conv.conv")
                    .name(Part.OUTPUT, "conv.out_proj"));
  }

  static DecoderSpec lfm2(Fields file) {
    Fields config =
        file.with(Map.of("intermediate_size", "block_ff_dim"), Map.of()).without("block_ff_dim");
    for (String read :
        List.of(
            "block_dim",
            "block_mlp_init_scale",
            "block_out_init_scale",
            "block_norm_eps",
            "block_use_swiglu",
            "block_use_xavier_init",
            "num_heads",
            "use_pos_enc",
            "theta")) {
      config.pass(read);
    }
    SpecBuilder spec = common(config);
    int width = width(config);
    return spec.each(b -> b.mlpWidth(width)).build();
  }

  /** The MLP's width, which the file gives before it is cut to two thirds and rounded. */
  private static int width(Fields config) {
    int given = config.size("intermediate_size", 12_288, SpecBuilder.MOST_WIDTH);
    double factor = config.optionalReal("block_ffn_dim_multiplier", 1).orElse(1.0);
    int multiple = config.size("block_multiple_of", 256, SpecBuilder.MOST_WIDTH);
    if (!config.flag("block_auto_adjust_ff_dim", true)) {
      return given;
    }
    int cut = 2 * given / 3;
    return Math.ceilDiv((int) (factor * cut), multiple) * multiple;
  }

  static DecoderSpec lfm2Moe(Fields config) {
    SpecBuilder spec = common(config);
    int dense = config.integer("num_dense_layers", 2);
    boolean corrected = config.flag("use_expert_bias", true);
    Router router =
        Router.of(
                Scores.SIGMOID,
                config.size("num_experts_per_tok", 4, 1 << 20),
                config.flag("norm_topk_prob", true))
            .atLeast(1e-6)
            .scaled(config.real("routed_scaling_factor", 1));
    Mixture experts =
        new Mixture(
            config,
            config.size("num_experts", 32, 1 << 20),
            config.size("moe_intermediate_size", 1792, SpecBuilder.MOST_WIDTH),
            router);
    return spec.each(
            layer -> layer >= dense,
            b -> {
              experts.in(b, new String[] {"w1", "w3", "w2"}, "feed_forward", "gate");
              if (corrected) {
                b.name(Part.ROUTER_CORRECTION, "feed_forward.expert_bias");
              }
            })
        .build();
  }
}
