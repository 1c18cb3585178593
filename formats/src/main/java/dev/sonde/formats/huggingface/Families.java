package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.DecoderSpec.Activation;
import dev.sonde.formats.huggingface.DecoderSpec.Fusion;
import dev.sonde.formats.huggingface.DecoderSpec.QueryKeyNorm;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** What each family's config.json means: the differences to Llama. */
final class Families {
  private static final String SLIDING = "sliding_attention";
  private static final String FULL = "full_attention";

  private static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("llama", Families::llama),
              Map.entry("mistral", Families::mistral),
              Map.entry("qwen2", Families::qwen2),
              Map.entry("qwen3", Families::qwen3),
              Map.entry("gemma2", Families::gemma2),
              Map.entry("gemma3_text", Families::gemma3),
              Map.entry("olmo2", Families::olmo2),
              Map.entry("olmo3", Families::olmo3),
              Map.entry("phi3", Families::phi3),
              Map.entry("cohere", Families::cohere),
              Map.entry("cohere2", Families::cohere2),
              Map.entry("gpt_oss", Families::gptOss),
              Map.entry("gpt_neox", Families::gptNeoX),
              Map.entry("gpt2", Families::gpt2)));

  private Families() {}

  /** Reads the fields of config.json; anything that is not known is refused by name. */
  static DecoderSpec read(Fields config) {
    String type = config.text("model_type", "");
    Function<Fields, DecoderSpec> family = FAMILIES.get(type);
    if (family == null) {
      throw config.problem(
          "model_type", "is not supported; supported: " + String.join(", ", FAMILIES.keySet()));
    }
    return family.apply(config);
  }

  private static DecoderSpec llama(Fields config) {
    return new SpecBuilder(config).build();
  }

  private static DecoderSpec mistral(Fields config) {
    return new SpecBuilder(config).window(config.integer("sliding_window", 0)).build();
  }

  /** Blocks below {@code max_window_layers} see everything, unless {@code layer_types} says so. */
  private static DecoderSpec qwen2(Fields config) {
    SpecBuilder spec = new SpecBuilder(config);
    return qwenWindows(config, spec).build();
  }

  private static DecoderSpec qwen3(Fields config) {
    SpecBuilder spec =
        new SpecBuilder(config)
            .queryKeyNorm(QueryKeyNorm.PER_HEAD)
            .name(Part.QUERY_NORM, "self_attn.q_norm")
            .name(Part.KEY_NORM, "self_attn.k_norm");
    return qwenWindows(config, spec).build();
  }

  private static SpecBuilder qwenWindows(Fields config, SpecBuilder spec) {
    if (!config.flag("use_sliding_window", false)) {
      return spec;
    }
    int full = config.integer("max_window_layers", 28);
    int window = config.integer("sliding_window", 4096);
    return spec.windows(window, layer -> layer >= full);
  }

  private static SpecBuilder gemma(Fields file) {
    Fields config = file.with(Map.of(), Map.of("head_dim", 256L, "num_key_value_heads", 4L));
    return new SpecBuilder(config)
        .activationField("hidden_activation", "gelu_pytorch_tanh")
        .gainOffset(1)
        .embeddingScale((float) Math.sqrt(config.integer("hidden_size")))
        .scale(1 / Math.sqrt(config.real("query_pre_attn_scalar", 256)))
        .cap(config.real("attn_logit_softcapping", 50))
        .logitCap(config.real("final_logit_softcapping", 30))
        .tiedByDefault()
        .name(Part.ATTENTION_POST_NORM, "post_attention_layernorm")
        .name(Part.MLP_NORM, "pre_feedforward_layernorm")
        .name(Part.MLP_POST_NORM, "post_feedforward_layernorm");
  }

  /** Every other block slides, the first one does. */
  private static DecoderSpec gemma2(Fields config) {
    int window = config.integer("sliding_window", 4096);
    return gemma(config).windows(window, layer -> layer % 2 == 0).build();
  }

  /** Five sliding blocks for each full one; sliding ones turn by a base of their own. */
  private static DecoderSpec gemma3(Fields config) {
    int every = config.size("sliding_window_pattern", 6, Integer.MAX_VALUE);
    SpecBuilder spec =
        gemma(config)
            .cap(0) // read by transformers, never applied
            .logitCap(config.real("final_logit_softcapping", 0))
            .rotaryBase(1_000_000)
            .queryKeyNorm(QueryKeyNorm.PER_HEAD)
            .name(Part.QUERY_NORM, "self_attn.q_norm")
            .name(Part.KEY_NORM, "self_attn.k_norm")
            .windows(config.integer("sliding_window", 4096), layer -> (layer + 1) % every != 0);
    RotaryReader rotary = spec.rotaryReader();
    double local = config.real("rope_local_base_freq", 10_000);
    return spec.rotary(
            rotary.ofKind(SLIDING).orElseGet(() -> rotary.plain(local)),
            rotary.ofKind(FULL).orElseGet(rotary::shared))
        .build();
  }

  private static SpecBuilder olmo(Fields file) {
    return new SpecBuilder(epsilon5(file))
        .queryKeyNorm(QueryKeyNorm.WHOLE)
        .name(Part.QUERY_NORM, "self_attn.q_norm")
        .name(Part.KEY_NORM, "self_attn.k_norm")
        .without(Part.ATTENTION_NORM, Part.MLP_NORM)
        .name(Part.ATTENTION_POST_NORM, "post_attention_layernorm")
        .name(Part.MLP_POST_NORM, "post_feedforward_layernorm");
  }

  private static DecoderSpec olmo2(Fields config) {
    return olmo(config).build();
  }

  /** Three sliding blocks for each full one; scaling concerns the full ones only. */
  private static DecoderSpec olmo3(Fields config) {
    SpecBuilder spec =
        olmo(config)
            .rotaryBase(500_000)
            .windows(config.integer("sliding_window", 4096), layer -> (layer + 1) % 4 != 0);
    RotaryReader rotary = spec.rotaryReader();
    return spec.rotary(
            rotary.ofKind(SLIDING).orElseGet(() -> rotary.plain(500_000)),
            rotary.ofKind(FULL).orElseGet(rotary::shared))
        .build();
  }

  private static DecoderSpec phi3(Fields file) {
    Fields config =
        epsilon5(file).with(Map.of(), Map.of("original_max_position_embeddings", 4096L));
    return new SpecBuilder(config)
        .rotaryShare(config.real("partial_rotary_factor", 1))
        .window(config.integer("sliding_window", 0))
        .fused(Fusion.STACKED, "self_attn.qkv_proj")
        .without(Part.GATE, Part.UP)
        .name(Part.GATE_UP, "mlp.gate_up_proj")
        .build();
  }

  private static SpecBuilder commandR(Fields config) {
    return new SpecBuilder(config)
        .centred(config.real("layer_norm_eps", 1e-5))
        .interleaved()
        .parallel()
        .logitScale(config.real("logit_scale", 0.0625))
        .tiedByDefault()
        .without(Part.MLP_NORM);
  }

  /** Three sliding blocks for each full one, which knows no positions. */
  private static DecoderSpec cohere2(Fields config) {
    int every = config.size("sliding_window_pattern", 4, Integer.MAX_VALUE);
    SpecBuilder spec =
        commandR(config)
            .windows(config.integer("sliding_window", 4096), layer -> (layer + 1) % every != 0);
    return spec.rotary(spec.rotaryReader().shared()).build();
  }

  private static DecoderSpec cohere(Fields config) {
    SpecBuilder spec = commandR(config).rotaryBase(500_000);
    return config.flag("use_qk_norm", false)
        ? spec.queryKeyNorm(QueryKeyNorm.PER_HEAD)
            .name(Part.QUERY_NORM, "self_attn.q_norm")
            .name(Part.KEY_NORM, "self_attn.k_norm")
            .build()
        : spec.build();
  }

  private static DecoderSpec gptOss(Fields file) {
    Map<String, Object> yarn =
        Map.of(
            "rope_type",
            "yarn",
            "factor",
            32L,
            "truncate",
            false,
            "original_max_position_embeddings",
            4096L);
    Map<String, Object> absent =
        file.has("rope_parameters")
            ? Map.of("head_dim", 64L, "num_key_value_heads", 8L)
            : Map.of("head_dim", 64L, "num_key_value_heads", 8L, "rope_scaling", yarn);
    Fields config = epsilon5(file).with(Map.of(), absent);
    return new SpecBuilder(config)
        .rotaryBase(150_000)
        .windows(config.integer("sliding_window", 128), layer -> layer % 2 == 0)
        .experts(
            config.integer("num_local_experts"),
            config.integer("num_experts_per_tok", config.integer("experts_per_token", 4)))
        .without(Part.GATE, Part.UP, Part.DOWN)
        .name(Part.SINKS, "self_attn.sinks")
        .name(Part.ROUTER, "mlp.router")
        .name(Part.EXPERTS_GATE_UP, "mlp.experts.gate_up_proj")
        .name(Part.EXPERTS_DOWN, "mlp.experts.down_proj")
        .build();
  }

  private static DecoderSpec gptNeoX(Fields file) {
    Fields config = file.with(Map.of("num_key_value_heads", "num_attention_heads"), Map.of());
    SpecBuilder spec =
        new SpecBuilder(config)
            .base("gpt_neox.", "layers.%d.")
            .centred(config.real("layer_norm_eps", 1e-5))
            .activationField("hidden_act", "gelu")
            .fused(Fusion.BY_HEAD, "attention.query_key_value")
            .name(Part.OUTPUT, "attention.dense")
            .name(Part.UP, "mlp.dense_h_to_4h")
            .name(Part.DOWN, "mlp.dense_4h_to_h")
            .without(Part.GATE)
            .outside(Part.EMBEDDING, "gpt_neox.embed_in")
            .outside(Part.FINAL_NORM, "gpt_neox.final_layer_norm")
            .outside(Part.HEAD, "embed_out")
            .rotaryBase(config.real("rotary_emb_base", 10_000))
            .rotaryShare(config.real("rotary_pct", 0.25));
    return config.flag("use_parallel_residual", true) ? spec.parallel().build() : spec.build();
  }

  private static DecoderSpec gpt2(Fields file) {
    Fields config = file.with(GPT2_FIELDS, Map.of());
    return new SpecBuilder(config)
        .base("transformer.", "h.%d.")
        .centred(config.real("layer_norm_epsilon", 1e-5))
        .activationField("activation_function", "gelu_new")
        .scale(config.flag("scale_attn_weights", true) ? 0 : 1)
        .scaledByDepth(config.flag("scale_attn_by_inverse_layer_idx", false))
        .unrotated()
        .transposed()
        .tiedByDefault()
        .fused(Fusion.STACKED, "attn.c_attn")
        .name(Part.ATTENTION_NORM, "ln_1")
        .name(Part.OUTPUT, "attn.c_proj")
        .name(Part.MLP_NORM, "ln_2")
        .name(Part.UP, "mlp.c_fc")
        .name(Part.DOWN, "mlp.c_proj")
        .without(Part.GATE)
        .outside(Part.EMBEDDING, "transformer.wte")
        .outside(Part.POSITIONS, "transformer.wpe")
        .outside(Part.FINAL_NORM, "transformer.ln_f")
        .build();
  }

  /** What GPT-2 calls the usual fields. */
  private static final Map<String, String> GPT2_FIELDS =
      Map.of(
          "num_hidden_layers", "n_layer",
          "hidden_size", "n_embd",
          "num_attention_heads", "n_head",
          "intermediate_size", "n_inner",
          "max_position_embeddings", "n_positions");

  /** RMSNorm's epsilon in the families whose default is 1e-5. */
  private static Fields epsilon5(Fields config) {
    return config.with(Map.of(), Map.of("rms_norm_eps", 1e-5));
  }

  /** The non-linearity of a name in config.json. */
  static Activation activation(Fields config, String field, String absent) {
    return switch (config.text(field, absent)) {
      case "silu", "swish" -> Activation.SILU;
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh", "gelu_fast" -> Activation.GELU_TANH;
      case "relu" -> Activation.RELU;
      default ->
          throw config.problem(
              field,
              "is not supported; supported: silu, gelu, gelu_new, gelu_pytorch_tanh, gelu_fast,"
                  + " relu");
    };
  }
}
