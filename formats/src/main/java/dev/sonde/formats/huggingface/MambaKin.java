package dev.sonde.formats.huggingface;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Models with Mamba-2 blocks among those with attention. */
final class MambaKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of("bamba", MambaKin::bamba);

  /** The kind of such a block; as transformers 4 and 5 call it. */
  private static final List<String> KINDS = List.of("mamba", "linear_attention");

  private static final int MOST = 1 << 20;

  private MambaKin() {}

  /**
   * Puts state spaces into the blocks that {@code layer_types} or a family says have them.
   *
   * @throws dev.sonde.formats.FormatException if a block is neither that nor attention
   */
  static SpecBuilder mixed(Fields config, SpecBuilder spec) {
    for (int layer = 0; layer < spec.layers(); layer++) {
      String kind = spec.kind(layer);
      if (!KINDS.contains(kind) && !kind.equals("attention") && !kind.equals(SpecBuilder.FULL)) {
        throw config.problem(
            "layer_types", "has '%s' blocks, which are not computed".formatted(kind));
      }
    }
    config.names().stream().filter(f -> f.startsWith("mamba_")).forEach(config::pass);
    if (IntStream.range(0, spec.layers()).mapToObj(spec::kind).noneMatch(KINDS::contains)) {
      return spec;
    }
    StateSpaceSpec space = space(config, spec);
    return spec.each(
        layer -> KINDS.contains(spec.kind(layer)),
        b ->
            b.mixer(space)
                .name(Part.SPACE_INPUT, "mamba.in_proj")
                .name(Part.CONVOLUTION, "mamba.conv1d")
                .name(Part.STATE_FADE_BIAS, "mamba.dt_bias")
                .name(Part.STATE_SPEED, "mamba.A_log")
                .name(Part.SPACE_SKIP, "mamba.D")
                .name(Part.STATE_NORM, "mamba.norm")
                .name(Part.OUTPUT, "mamba.out_proj"));
  }

  private static StateSpaceSpec space(Fields config, SpecBuilder spec) {
    int heads = config.size("mamba_n_heads", 128, MOST);
    int groups = config.size("mamba_n_groups", 1, MOST);
    int inner = spec.width() * config.size("mamba_expand", 2, MOST);
    String width = "mamba_d_head";
    int each = config.isNumber(width) ? config.size(width, SpecBuilder.MOST_WIDTH) : inner / heads;
    if (each * heads != inner) {
      throw config.problem(
          "mamba_n_heads", "and mamba_d_head do not make mamba_expand · hidden_size");
    }
    if (heads % groups != 0) {
      throw config.problem("mamba_n_groups", "does not divide mamba_n_heads");
    }
    double[] bounds = config.reals("time_step_limit");
    return new StateSpaceSpec(
        heads,
        each,
        groups,
        config.size("mamba_d_state", 256, MOST),
        config.size("mamba_d_conv", 4, 1 << 16),
        Activation.of(config, "hidden_act", "silu"),
        bounds.length == 2 ? bounds[0] : 0,
        bounds.length == 2 ? bounds[1] : Double.POSITIVE_INFINITY,
        NormSpec.rms(spec.norm().epsilon()));
  }

  private static DecoderSpec bamba(Fields file) {
    Fields config = LlamaKin.epsilon5(file).with(Map.of(), Map.of("num_key_value_heads", 8L));
    int[] attending = config.integers("attn_layer_indices");
    config.pass("layer_types"); // made of those
    config.pass("z_loss_coefficient");
    config.pass("num_logits_to_keep");
    config.pass("attn_rotary_emb"); // of early files; transformers turns half a head
    SpecBuilder spec =
        LlamaKin.of(config.without("layer_types"))
            .rotary(r -> r.share(0.5))
            .kinds(l -> IntStream.of(attending).anyMatch(a -> a == l) ? SpecBuilder.FULL : "mamba")
            .name(Part.MLP_NORM, "pre_ff_layernorm")
            .name(Part.GATE, "feed_forward.gate_proj")
            .name(Part.UP, "feed_forward.up_proj")
            .name(Part.DOWN, "feed_forward.down_proj")
            .outside(Part.FINAL_NORM, "model.final_layernorm");
    return mixed(config, spec).build();
  }
}
