package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Fusion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** GPT-2 and what is built like it: LayerNorm with biases, an MLP without a gate. */
final class GptKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.ofEntries(
          Map.entry("gpt2", GptKin::gpt2),
          Map.entry("gpt_bigcode", GptKin::bigCode),
          Map.entry("gpt_neo", GptKin::gptNeo),
          Map.entry("gpt_neox", GptKin::gptNeoX),
          Map.entry("gptj", GptKin::gptJ),
          Map.entry("opt", GptKin::opt),
          Map.entry("bloom", GptKin::bloom),
          Map.entry("falcon", GptKin::falcon),
          Map.entry("mpt", GptKin::mpt),
          Map.entry("gpt_oss", GptOssKin::read));

  /** What GPT-2 calls the usual fields. */
  private static final Map<String, String> GPT2_FIELDS =
      Map.of(
          "num_hidden_layers", "n_layer",
          "hidden_size", "n_embd",
          "num_attention_heads", "n_head",
          "intermediate_size", "n_inner",
          "max_position_embeddings", "n_positions");

  private GptKin() {}

  private static SpecBuilder transformer(Fields config, double epsilon) {
    return LlamaKin.of(config)
        .base("transformer.", "h.%d.")
        .norm(NormSpec.layer(epsilon))
        .outside(Part.EMBEDDING, "transformer.wte")
        .outside(Part.FINAL_NORM, "transformer.ln_f")
        .name(Part.ATTENTION_NORM, "ln_1")
        .name(Part.MLP_NORM, "ln_2");
  }

  private static SpecBuilder second(Fields config) {
    double scale = config.flag("scale_attn_weights", true) ? 0 : 1;
    return transformer(config, config.real("layer_norm_epsilon", 1e-5))
        .scale(scale)
        .unrotated()
        .tiedByDefault()
        .outside(Part.POSITIONS, "transformer.wpe")
        .fused(Fusion.STACKED, "attn.c_attn")
        .name(Part.OUTPUT, "attn.c_proj")
        .each(b -> b.plain("mlp.c_fc", "mlp.c_proj"));
  }

  private static DecoderSpec gpt2(Fields file) {
    Fields config = file.with(GPT2_FIELDS, Map.of());
    SpecBuilder spec =
        second(config).activation("activation_function", "gelu_new").each(BlockBuilder::transposed);
    if (config.flag("scale_attn_by_inverse_layer_idx", false)) {
      double usual = config.flag("scale_attn_weights", true) ? Math.sqrt(spec.headWidth()) : 1;
      for (int layer = 0; layer < spec.layers(); layer++) {
        int depth = layer;
        spec.each(l -> l == depth, b -> b.scale(1 / usual / (depth + 1)));
      }
    }
    return spec.build();
  }

  /** One key and value head for all, in linears that are stored as everybody's. */
  private static DecoderSpec bigCode(Fields file) {
    config(file);
    boolean shared = file.flag("multi_query", true);
    Fields config =
        file.with(GPT2_FIELDS, Map.of())
            .with(Map.of(), shared ? Map.of("num_key_value_heads", 1L) : Map.of());
    return second(config)
        .activation("activation_function", "gelu_pytorch_tanh")
        .fused(shared ? Fusion.STACKED : Fusion.BY_HEAD, "attn.c_attn")
        .build();
  }

  private static void config(Fields file) {
    for (String same :
        List.of(
            "attention_softmax_in_fp32",
            "scale_attention_softmax_in_fp32",
            "inference_runner",
            "pre_allocate_kv_cache",
            "pad_key_length",
            "max_batch_size",
            "max_sequence_length",
            "validate_runner_input")) {
      file.pass(same);
    }
  }

  /** Every other block slides; scores are not scaled. */
  private static DecoderSpec gptNeo(Fields file) {
    Fields config =
        file.with(
            Map.of("num_hidden_layers", "num_layers", "num_attention_heads", "num_heads"),
            Map.of());
    List<String> kinds = attentionLayers(config);
    int window = config.size("window_size", 256, Integer.MAX_VALUE);
    SpecBuilder spec =
        transformer(config, config.real("layer_norm_epsilon", 1e-5))
            .activation("activation_function", "gelu_new")
            .scale(1)
            .unrotated()
            .tiedByDefault()
            .outside(Part.POSITIONS, "transformer.wpe")
            .name(Part.QUERY, "attn.attention.q_proj")
            .name(Part.KEY, "attn.attention.k_proj")
            .name(Part.VALUE, "attn.attention.v_proj")
            .name(Part.OUTPUT, "attn.attention.out_proj")
            .each(b -> b.plain("mlp.c_fc", "mlp.c_proj"));
    if (kinds.size() != spec.layers()) {
      throw config.problem(
          "attention_types", "must name the kind of each of %d blocks".formatted(spec.layers()));
    }
    return spec.each(layer -> kinds.get(layer).equals("local"), b -> b.window(window)).build();
  }

  /** {@code [[["global", "local"], 12]]}: kinds, and how often they come. */
  private static List<String> attentionLayers(Fields config) {
    if (!config.texts("attention_layers").isEmpty()) {
      config.pass("attention_types");
      return config.texts("attention_layers");
    }
    List<String> kinds = new ArrayList<>();
    for (Object part : config.list("attention_types")) {
      if (!(part instanceof List<?> pair
          && pair.size() == 2
          && pair.getFirst() instanceof List<?> some
          && pair.getLast() instanceof Long times
          && times <= 2_000)) {
        throw config.problem("attention_types", "is no list of kinds and their number");
      }
      for (long i = 0; i < times; i++) {
        some.forEach(kind -> kinds.add(String.valueOf(kind)));
      }
    }
    return kinds;
  }

  private static DecoderSpec gptNeoX(Fields file) {
    Fields config = file.without("num_key_value_heads", "rope_theta");
    SpecBuilder spec =
        LlamaKin.of(config)
            .base("gpt_neox.", "layers.%d.")
            .norm(NormSpec.layer(config.real("layer_norm_eps", 1e-5)))
            .activation("hidden_act", "gelu")
            .fused(Fusion.BY_HEAD, "attention.query_key_value")
            .name(Part.OUTPUT, "attention.dense")
            .each(b -> b.plain("mlp.dense_h_to_4h", "mlp.dense_4h_to_h"))
            .outside(Part.EMBEDDING, "gpt_neox.embed_in")
            .outside(Part.FINAL_NORM, "gpt_neox.final_layer_norm")
            .outside(Part.HEAD, "embed_out", "lm_head")
            .rotary(r -> r.share(0.25));
    return config.flag("use_parallel_residual", true) ? spec.parallel().build() : spec.build();
  }

  /** Attention and MLP beside each other behind one norm; pairs of some numbers turn. */
  private static DecoderSpec gptJ(Fields file) {
    Fields config = file.with(GPT2_FIELDS, Map.of());
    SpecBuilder spec = transformer(config, config.real("layer_norm_epsilon", 1e-5));
    int width = config.optionalInteger("rotary_dim", 64).orElse(spec.width());
    if (width < 1 || width > spec.headWidth()) {
      throw config.problem("rotary_dim", "is not from 1 to a head's " + spec.headWidth());
    }
    return spec.activation("activation_function", "gelu_new")
        .rotary(r -> r.width(width).inPairs())
        .parallel()
        .without(Part.MLP_NORM)
        .name(Part.QUERY, "attn.q_proj")
        .name(Part.KEY, "attn.k_proj")
        .name(Part.VALUE, "attn.v_proj")
        .name(Part.OUTPUT, "attn.out_proj")
        .each(b -> b.plain("mlp.fc_in", "mlp.fc_out"))
        .build();
  }

  /** Learned positions whose first two rows belong to no token. */
  private static DecoderSpec opt(Fields file) {
    Fields config = file.with(Map.of("intermediate_size", "ffn_dim"), Map.of());
    require(config, "do_layer_norm_before", true);
    require(config, "_remove_final_layer_norm", false);
    config.pass("enable_bias");
    boolean gained = config.flag("layer_norm_elementwise_affine", true);
    NormSpec norm = NormSpec.layer(1e-5);
    SpecBuilder spec =
        LlamaKin.of(config)
            .base("model.decoder.", "layers.%d.")
            .norm(gained ? norm : norm.bare())
            .activation("activation_function", "relu")
            .unrotated()
            .tiedByDefault()
            .firstPosition(2)
            .outside(Part.EMBEDDING, "model.decoder.embed_tokens", "decoder.embed_tokens")
            .outside(Part.POSITIONS, "model.decoder.embed_positions")
            .outside(Part.FINAL_NORM, "model.decoder.final_layer_norm")
            .name(Part.ATTENTION_NORM, "self_attn_layer_norm")
            .name(Part.OUTPUT, "self_attn.out_proj")
            .name(Part.MLP_NORM, "final_layer_norm")
            .each(b -> b.plain("fc1", "fc2"));
    int projected = config.optionalInteger("word_embed_proj_dim").orElse(spec.width());
    if (projected != spec.width()) {
      throw config.problem("word_embed_proj_dim", "is not hidden_size, which is not computed");
    }
    return spec.build();
  }

  private static void require(Fields config, String field, boolean neutral) {
    if (config.flag(field, neutral) != neutral) {
      throw config.problem(field, "is not computed; only %s is".formatted(neutral));
    }
  }

  private static SpecBuilder wordEmbeddings(Fields config) {
    return LlamaKin.of(config)
        .base("transformer.", "h.%d.")
        .norm(NormSpec.layer(config.real("layer_norm_epsilon", 1e-5)))
        .outside(Part.EMBEDDING, "transformer.word_embeddings")
        .outside(Part.FINAL_NORM, "transformer.ln_f")
        .tiedByDefault()
        .name(Part.OUTPUT, "self_attention.dense")
        .each(b -> b.plain("mlp.dense_h_to_4h", "mlp.dense_4h_to_h"));
  }

  private static DecoderSpec bloom(Fields file) {
    Fields config =
        file.with(Map.of("num_hidden_layers", "n_layer", "num_attention_heads", "n_head"), Map.of())
            .with(Map.of("max_position_embeddings", "seq_length"), Map.of());
    Fields named =
        file.has("n_embed") && !file.has("hidden_size")
            ? config.with(Map.of("hidden_size", "n_embed"), Map.of())
            : config;
    config.pass("n_embed");
    config.pass("num_attention_heads");
    config.pass("bias_dropout_fusion");
    config.pass("masked_softmax_fusion");
    config.pass("attention_softmax_in_fp32");
    config.pass("offset_alibi");
    config.pass("n_inner");
    config.pass("unk_token_id");
    require(config, "apply_residual_connection_post_layernorm", false);
    SpecBuilder spec =
        wordEmbeddings(named.without("intermediate_size"))
            .outside(Part.EMBEDDING_NORM, "transformer.word_embeddings_layernorm")
            .fused(Fusion.BY_HEAD, "self_attention.query_key_value");
    List<Float> slopes = AlibiSlopes.of(spec.heads());
    return spec.each(b -> b.activation(Activation.GELU_TANH).slopes(slopes)).build();
  }

  private static DecoderSpec falcon(Fields file) {
    Fields config =
        file.with(
            Map.of("num_hidden_layers", "n_layer", "num_attention_heads", "n_head"), Map.of());
    boolean grouped = config.flag("new_decoder_architecture", false);
    boolean parallel = config.flag("parallel_attn", true) || grouped;
    boolean shared = config.flag("multi_query", true);
    Optional<Integer> given =
        config.optionalInteger("num_kv_heads").or(() -> config.optionalInteger("n_head_kv"));
    long heads = config.integer("num_attention_heads");
    long keys = grouped ? given.orElse((int) heads) : shared ? 1 : heads;
    Fields named =
        config
            .with(
                Map.of("intermediate_size", "ffn_hidden_size"), Map.of("num_key_value_heads", keys))
            .without("head_dim");
    SpecBuilder spec =
        wordEmbeddings(named)
            .activation("activation", "gelu")
            .fused(
                grouped || !shared ? Fusion.BY_HEAD : Fusion.STACKED,
                "self_attention.query_key_value");
    if (parallel) {
      spec.parallel().without(Part.MLP_NORM);
    }
    int norms = config.optionalInteger("num_ln_in_parallel_attn").orElse(grouped ? 2 : 1);
    if (grouped && norms == 2) {
      spec.name(Part.ATTENTION_NORM, "ln_attn").name(Part.MLP_NORM, "ln_mlp");
    }
    if (config.flag("alibi", false)) {
      double scale = 1 / Math.sqrt(spec.headWidth()); // it is scaled with the scores
      List<Float> slopes =
          AlibiSlopes.of(spec.heads()).stream().map(s -> (float) (s * scale)).toList();
      spec.each(b -> b.slopes(slopes));
    }
    return spec.build();
  }

  private static DecoderSpec mpt(Fields file) {
    Fields config =
        file.with(
            Map.of(
                "num_hidden_layers", "n_layers",
                "hidden_size", "d_model",
                "num_attention_heads", "n_heads",
                "max_position_embeddings", "max_seq_len"),
            Map.of());
    Fields attention = config.object("attn_config").orElseGet(() -> config.without("attn_config"));
    double clip = attention.optionalReal("clip_qkv").orElse(0.0);
    Optional<Double> scale = attention.optionalReal("softmax_scale");
    require(attention, "qk_ln", false);
    require(attention, "prefix_lm", false);
    for (String same :
        List.of("attn_impl", "attn_type", "attn_pdrop", "attn_uses_sequence_id", "model_type")) {
      attention.pass(same);
    }
    for (String same :
        List.of(
            "no_bias",
            "norm_type",
            "init_config",
            "init_device",
            "verbose",
            "embedding_fraction",
            "learned_pos_emb",
            "use_norm_bias",
            "logit_scale",
            "ffn_config",
            "fc_type")) {
      config.pass(same);
    }
    int expansion = config.size("expansion_ratio", 4, 1 << 10);
    SpecBuilder spec =
        LlamaKin.of(config)
            .base("transformer.", "blocks.%d.")
            .norm(NormSpec.layer(config.real("layer_norm_epsilon", 1e-5)))
            .tiedByDefault()
            .outside(Part.EMBEDDING, "transformer.wte")
            .outside(Part.FINAL_NORM, "transformer.norm_f")
            .name(Part.ATTENTION_NORM, "norm_1")
            .name(Part.MLP_NORM, "norm_2")
            .fused(Fusion.STACKED, "attn.Wqkv")
            .name(Part.OUTPUT, "attn.out_proj")
            .each(b -> b.plain("ffn.up_proj", "ffn.down_proj").activation(Activation.GELU));
    require(attention, "alibi", true);
    double most = attention.real("alibi_bias_max", 8);
    List<Float> slopes = AlibiSlopes.of(spec.heads(), most);
    return spec.each(
            b ->
                b.slopes(slopes)
                    .clip(clip)
                    .scale(scale.orElse(0.0))
                    .mlpWidth(expansion * spec.width()))
        .build();
  }
}
