package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.AttentionSpec.Sight;
import dev.sonde.formats.huggingface.AttentionSpec.Temperature;
import dev.sonde.formats.huggingface.ExpertsSpec.Layout;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Llama, and the families that differ from it in little. */
final class LlamaKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.ofEntries(
          Map.entry("llama", LlamaKin::llama),
          Map.entry("llama4_text", LlamaKin::llama4),
          Map.entry("smollm3", LlamaKin::smolLm3),
          Map.entry("seed_oss", LlamaKin::seedOss),
          Map.entry("arcee", LlamaKin::arcee),
          Map.entry("helium", LlamaKin::helium),
          Map.entry("ernie4_5", LlamaKin::ernie),
          Map.entry("glm", LlamaKin::glm),
          Map.entry("glm4", LlamaKin::glm4),
          Map.entry("exaone4", LlamaKin::exaone4),
          Map.entry("apertus", LlamaKin::apertus),
          Map.entry("nemotron", LlamaKin::nemotron),
          Map.entry("cwm", LlamaKin::cwm),
          Map.entry("hunyuan_v1_dense", LlamaKin::hunYuan),
          Map.entry("lfm2", Liquid::lfm2),
          Map.entry("lfm2_moe", Liquid::lfm2Moe));

  private LlamaKin() {}

  /** RMSNorm's epsilon in the families whose default is 1e-5. */
  static Fields epsilon5(Fields config) {
    return config.with(Map.of(), Map.of("rms_norm_eps", 1e-5));
  }

  /** Fields that only tell which linears have biases, which the weights tell as well. */
  static SpecBuilder of(Fields config) {
    for (String biases : List.of("attention_bias", "mlp_bias", "use_bias", "qkv_bias", "bias")) {
      config.pass(biases);
    }
    return new SpecBuilder(config);
  }

  private static DecoderSpec llama(Fields config) {
    return of(config).build();
  }

  /** Every fourth block knows no positions; {@code no_rope_layers} has 0 for those. */
  private static DecoderSpec smolLm3(Fields file) {
    Fields config = file.with(Map.of(), Map.of("num_key_value_heads", 4L));
    SpecBuilder spec = of(config).rotary(r -> r.base(2_000_000)).tiedByDefault();
    IntPredicate turns = turning(config, "no_rope_layers", "no_rope_layer_interval", spec.layers());
    boolean slides = config.flag("use_sliding_window", false);
    return spec.windows(
            config.optionalInteger("sliding_window").filter(w -> slides),
            layer -> slides && !turns.test(layer))
        .each(turns.negate(), BlockBuilder::unrotated)
        .build();
  }

  /** Which blocks turn, by a list of ones and zeros or every so many not. */
  private static IntPredicate turning(Fields config, String list, String interval, int layers) {
    int[] given = config.integers(list);
    int every = config.size(interval, 4, Integer.MAX_VALUE);
    if (given.length > 0 && given.length != layers) {
      throw config.problem(list, "must have a number for each of %d blocks".formatted(layers));
    }
    return layer -> given.length > 0 ? given[layer] != 0 : (layer + 1) % every != 0;
  }

  private static DecoderSpec seedOss(Fields file) {
    Fields config = file.with(Map.of(), Map.of("num_key_value_heads", 8L, "head_dim", 128L));
    config.pass("attention_out_bias");
    return of(config).build();
  }

  private static DecoderSpec arcee(Fields file) {
    return of(epsilon5(file))
        .activation("hidden_act", "relu2")
        .each(b -> b.plain("mlp.up_proj", "mlp.down_proj"))
        .build();
  }

  private static DecoderSpec helium(Fields file) {
    Fields config = file.with(Map.of(), Map.of("rms_norm_eps", 1e-8, "head_dim", 128L));
    return of(config).rotary(r -> r.base(100_000).inPairs()).build();
  }

  private static DecoderSpec ernie(Fields file) {
    Fields config =
        epsilon5(file).with(Map.of(), Map.of("num_key_value_heads", 2L, "head_dim", 128L));
    return of(config).rotary(r -> r.base(500_000).inPairs()).tiedByDefault().build();
  }

  private static SpecBuilder glmKin(Fields file) {
    Fields config =
        file.with(
            Map.of(),
            Map.of("num_key_value_heads", 2L, "head_dim", 128L, "rms_norm_eps", 1.5625e-07));
    return of(config)
        .rotary(r -> r.share(0.5).inPairs())
        .each(b -> b.fusedGate("mlp.gate_up_proj"));
  }

  private static DecoderSpec glm(Fields config) {
    return glmKin(config).build();
  }

  private static DecoderSpec glm4(Fields config) {
    return glmKin(config)
        .name(Part.ATTENTION_POST_NORM, "post_self_attn_layernorm")
        .name(Part.MLP_POST_NORM, "post_mlp_layernorm")
        .build();
  }

  /** Norms behind attention and MLP; where some blocks slide, the others know no positions. */
  private static DecoderSpec exaone4(Fields file) {
    Fields config = epsilon5(file);
    var window = config.optionalInteger("sliding_window", 4096);
    int every = config.optionalInteger("sliding_window_pattern", 4).orElse(0);
    SpecBuilder spec =
        of(config)
            .queryKeyNorm(Over.HEAD)
            .without(Part.ATTENTION_NORM, Part.MLP_NORM)
            .name(Part.ATTENTION_POST_NORM, "post_attention_layernorm")
            .name(Part.MLP_POST_NORM, "post_feedforward_layernorm")
            .windows(window, layer -> window.isPresent() && every > 0 && (layer + 1) % every != 0);
    return spec.each(
            layer -> window.isPresent() && spec.kind(layer).equals(SpecBuilder.FULL),
            BlockBuilder::unrotated)
        .build();
  }

  private static DecoderSpec apertus(Fields file) {
    Map<String, Object> rope =
        Map.of(
            "rope_type", "llama3",
            "rope_theta", 12_000_000.0,
            "factor", 8.0,
            "original_max_position_embeddings", 8192L,
            "low_freq_factor", 1.0,
            "high_freq_factor", 4.0);
    Fields config = epsilon5(withRope(file, rope)).with(Map.of(), Map.of("hidden_act", "xielu"));
    return of(config)
        .rotary(r -> r.base(12_000_000))
        .queryKeyNorm(Over.HEAD)
        .name(Part.ATTENTION_NORM, "attention_layernorm")
        .name(Part.MLP_NORM, "feedforward_layernorm")
        .name(Part.CURVE_ABOVE, "mlp.act_fn.alpha_p")
        .name(Part.CURVE_BELOW, "mlp.act_fn.alpha_n")
        .each(b -> b.plain("mlp.up_proj", "mlp.down_proj"))
        .build();
  }

  /** With a family's rotary fields where the file has none. */
  static Fields withRope(Fields file, Map<String, Object> rope) {
    boolean given =
        (file.has("rope_parameters") && !file.isNone("rope_parameters"))
            || (file.has("rope_scaling") && !file.isNone("rope_scaling"));
    return given
        ? file
        : file.without("rope_parameters").with(Map.of(), Map.of("rope_parameters", rope));
  }

  private static DecoderSpec nemotron(Fields file) {
    Fields config = file.with(Map.of(), Map.of("hidden_act", "relu2"));
    return of(config)
        .norm(NormSpec.layer(config.real("norm_eps", 1e-5)).plus(1))
        .rotary(r -> r.share(0.5))
        .each(b -> b.plain("mlp.up_proj", "mlp.down_proj"))
        .build();
  }

  private static DecoderSpec cwm(Fields file) {
    Map<String, Object> rope =
        Map.of(
            "rope_type", "llama3",
            "rope_theta", 1_000_000.0,
            "factor", 16.0,
            "original_max_position_embeddings", 8192L,
            "low_freq_factor", 1.0,
            "high_freq_factor", 4.0);
    Fields config =
        epsilon5(withRope(file, rope))
            .with(Map.of(), Map.of("num_key_value_heads", 8L, "head_dim", 128L));
    return of(config)
        .rotary(r -> r.base(1_000_000))
        .windows(config.optionalInteger("sliding_window", 8192), layer -> layer % 4 != 0)
        .build();
  }

  private static DecoderSpec hunYuan(Fields file) {
    Fields config = epsilon5(file);
    SpecBuilder spec =
        of(config)
            .each(
                b ->
                    b.queryKeyNorm(
                            Over.HEAD, "self_attn.query_layernorm", "self_attn.key_layernorm")
                        .normAfterRotation());
    RotaryReader reader = spec.rotaryReader();
    Fields rope = reader.described();
    double alpha = rope.optionalReal("alpha").orElse(0.0);
    if (rope.text("rope_type", rope.text("type", "default")).equals("dynamic") && alpha > 0) {
      double width = spec.headWidth();
      double base = rope.real("rope_theta", config.real("rope_theta", 10_000));
      Rotary grown = reader.plain(base * Math.pow(alpha, width / (width - 2)));
      for (String read : List.of("factor", "beta_fast", "beta_slow", "mscale", "mscale_all_dim")) {
        rope.pass(read);
      }
      spec.each(b -> b.rotary(grown));
    }
    return spec.build();
  }

  /** A flag that some files have as a number; on where it is absent. */
  private static boolean isOn(Fields config, String field) {
    return config.isNumber(field) ? config.integer(field) != 0 : config.flag(field, true);
  }

  /**
   * Chunks of the text but in every fourth block, which sees everything, knows no positions and
   * whose queries grow with theirs; experts in some blocks.
   */
  private static DecoderSpec llama4(Fields file) {
    Fields config =
        epsilon5(file)
            .with(
                Map.of(),
                Map.of("num_key_value_heads", 8L, "head_dim", 128L, "num_local_experts", 16L));
    SpecBuilder spec = of(config).rotary(r -> r.base(500_000).inPairs());
    int layers = spec.layers();
    IntPredicate turns = turning(config, "no_rope_layers", "no_rope_layer_interval", layers);
    int chunk = config.integer("attention_chunk_size", 8192);
    spec.kinds(layer -> turns.test(layer) ? "chunked_attention" : SpecBuilder.FULL)
        .each(
            layer -> spec.kind(layer).equals("chunked_attention"),
            b -> b.sight(new Sight(chunk, true, false)));
    if (config.flag("use_qk_norm", true)) {
      spec.each(turns, b -> b.unitLength(spec.norm().bare()));
    }
    double growth = config.real("attn_scale", 0.1);
    int every = config.size("floor_scale", 8192, Integer.MAX_VALUE);
    spec.each(turns.negate(), BlockBuilder::unrotated);
    if (isOn(config, "attn_temperature_tuning")) {
      spec.each(turns.negate(), b -> b.temperature(new Temperature(growth, every, true)));
    }
    int dense = config.integer("intermediate_size_mlp", 16_384);
    int inner = config.integer("intermediate_size");
    int[] sparse = config.integers("moe_layers");
    int step = config.size("interleave_moe_layer_step", 1, Integer.MAX_VALUE);
    boolean listed = config.has("moe_layers") && !config.isNone("moe_layers");
    IntPredicate mixed =
        layer ->
            listed ? IntStream.of(sparse).anyMatch(l -> l == layer) : layer % step == (step - 1);
    Router router =
        Router.of(Scores.SIGMOID, config.size("num_experts_per_tok", 1, 1 << 20), false)
            .weighingInputs();
    Mixture experts =
        new Mixture(config, config.size("num_local_experts", 1 << 20), inner, router)
            .layout(Layout.IN_OUT)
            .shared(inner);
    return spec.each(b -> b.mlpWidth(dense))
        .name(Part.GATE, "feed_forward.gate_proj")
        .name(Part.UP, "feed_forward.up_proj")
        .name(Part.DOWN, "feed_forward.down_proj")
        .each(
            mixed,
            b -> {
              experts.in(b, "feed_forward", "router");
              experts.sharedIn(b, "feed_forward.shared_expert");
            })
        .build();
  }
}
