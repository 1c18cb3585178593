package dev.sonde.formats.huggingface;

import dev.sonde.formats.StandardNormal;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.ExpertsSpec.Layout;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Gemma 3n and 4: blocks with inputs of their own, and last blocks that take the keys and values of
 * earlier ones.
 */
final class LayeredGemma {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of("gemma3n_text", LayeredGemma::gemma3n, "gemma4_text", LayeredGemma::gemma4);

  private static final long VOCABULARY = 262_144;

  private LayeredGemma() {}

  private static SpecBuilder common(Fields config) {
    SpecBuilder spec =
        LlamaKin.of(config.without("hidden_act"))
            .activation("hidden_activation", "gelu_pytorch_tanh")
            .embeddingScale((float) Math.sqrt(config.integer("hidden_size")))
            .tiedByDefault()
            .scale(1)
            .queryKeyNorm(Over.HEAD)
            .name(Part.ATTENTION_POST_NORM, "post_attention_layernorm")
            .name(Part.MLP_NORM, "pre_feedforward_layernorm")
            .name(Part.MLP_POST_NORM, "post_feedforward_layernorm");
    return spec.each(b -> b.valueNorm(spec.norm().bare()));
  }

  /** Each of the last blocks takes keys and values of the last block of its kind before them. */
  private static void sharing(Fields config, SpecBuilder spec, int absent) {
    String field = "num_kv_shared_layers";
    int first = spec.layers() - config.integer(field, absent);
    if (first < 1) {
      throw config.problem(field, "leaves no block with keys of its own");
    }
    Map<String, Integer> last = new HashMap<>();
    for (int layer = 0; layer < first; layer++) {
      last.put(spec.kind(layer), layer);
    }
    for (int layer = first; layer < spec.layers(); layer++) {
      int own = layer;
      String kind = spec.kind(layer);
      int source =
          Optional.ofNullable(last.get(kind))
              .orElseThrow(
                  () ->
                      config.problem(
                          field, "leaves no block of '%s' with keys of its own".formatted(kind)));
      spec.each(l -> l == own, b -> b.keysOf(source));
    }
  }

  private static void perLayer(Fields config, SpecBuilder spec) {
    int width = config.optionalInteger("hidden_size_per_layer_input", 256).orElse(0);
    int vocabulary = config.size("vocab_size_per_layer_input", (int) VOCABULARY, Integer.MAX_VALUE);
    if (width > 0) {
      Activation gate = Activation.of(config, "hidden_activation", "gelu_pytorch_tanh");
      spec.perLayer(new PerLayerSpec(width, vocabulary, gate))
          .outside(Part.PER_LAYER_EMBEDDING, "model.embed_tokens_per_layer")
          .outside(Part.PER_LAYER_PROJECTION, "model.per_layer_model_projection")
          .outside(Part.PER_LAYER_PROJECTION_NORM, "model.per_layer_projection_norm")
          .name(Part.PER_LAYER_GATE, "per_layer_input_gate")
          .name(Part.PER_LAYER_OUTPUT, "per_layer_projection")
          .name(Part.PER_LAYER_NORM, "post_per_layer_input_norm");
    }
  }

  private static DecoderSpec gemma3n(Fields file) {
    Fields config =
        file.with(
            Map.of(),
            Map.of("num_attention_heads", 8L, "num_key_value_heads", 2L, "head_dim", 256L));
    int[] widths = config.integers("intermediate_size");
    double[] sparsity = config.reals("activation_sparsity_pattern");
    config.pass("altup_coef_clip"); // of training
    config.pass("altup_lr_multiplier");
    SpecBuilder spec =
        common(config.without("intermediate_size"))
            .logitCap(config.optionalReal("final_logit_softcapping", 30))
            .rotary(r -> r.base(1_000_000))
            .windows(
                Optional.of(config.integer("sliding_window", 512)), layer -> (layer + 1) % 5 != 0);
    RotaryReader rotary = spec.rotaryReader();
    double local = config.real("rope_local_base_freq", 10_000);
    spec.rotary(SpecBuilder.SLIDING, () -> rotary.plain(local));
    ofEach(config, "intermediate_size", widths.length, spec.layers(), true);
    boolean given =
        ofEach(config, "activation_sparsity_pattern", sparsity.length, spec.layers(), false);
    for (int layer = 0; layer < spec.layers(); layer++) {
      int own = layer;
      int width = widths.length == 0 ? 16_384 : widths[widths.length == 1 ? 0 : layer];
      double share = given ? sparsity[layer] : spec.layers() > 10 && layer < 10 ? 0.95 : 0;
      spec.each(
          l -> l == own,
          b -> {
            b.mlpWidth(width);
            if (share > 0) {
              b.cut((float) StandardNormal.quantile((float) share));
            }
          });
    }
    sharing(config, spec, 15);
    perLayer(config, spec);
    altUp(config, spec);
    return spec.build();
  }

  /** Whether a list has a value for each block; false where there is none. */
  private static boolean ofEach(Fields config, String field, int count, int layers, boolean orOne) {
    if (count > 0 && count != layers && !(orOne && count == 1)) {
      throw config.problem(field, "must have a number for each of %d blocks".formatted(layers));
    }
    return count > 0;
  }

  private static void altUp(Fields config, SpecBuilder spec) {
    if (config.integer("altup_active_idx", 0) != 0) {
      throw config.problem("altup_active_idx", "is not computed; 0 is");
    }
    spec.altUp(
            new AltUpSpec(
                config.size("altup_num_inputs", 4, 64),
                config.flag("altup_correct_scale", true),
                config.size("laurel_rank", 64, SpecBuilder.MOST_WIDTH)))
        .outside(Part.ALTUP_IN, "model.altup_projections.{stream}")
        .outside(Part.ALTUP_OUT, "model.altup_unembed_projections.{stream}")
        .name(Part.ALTUP_ROUTER, "altup.modality_router")
        .name(Part.ALTUP_ROUTER_NORM, "altup.router_norm")
        .name(Part.ALTUP_PREDICTION, "altup.prediction_coefs")
        .name(Part.ALTUP_CORRECTION, "altup.correction_coefs")
        .name(Part.ALTUP_SCALE, "altup.correct_output_scale")
        .name(Part.LAUREL_DOWN, "laurel.linear_left")
        .name(Part.LAUREL_UP, "laurel.linear_right")
        .name(Part.LAUREL_NORM, "laurel.post_laurel_norm");
  }

  private static DecoderSpec gemma4(Fields file) {
    Fields config =
        file.with(
            Map.of(),
            Map.of(
                "num_attention_heads", 8L,
                "num_key_value_heads", 4L,
                "head_dim", 256L,
                "rope_parameters",
                    Map.of(
                        SpecBuilder.SLIDING,
                        Map.of("rope_type", "default", "rope_theta", 10_000.0),
                        SpecBuilder.FULL,
                        Map.of(
                            "rope_type", "proportional",
                            "rope_theta", 1_000_000.0,
                            "partial_rotary_factor", 0.25))));
    String direction = "use_bidirectional_attention";
    boolean symmetric = !config.isNone(direction) && config.text(direction, "").equals("all");
    int given = config.integer("sliding_window", 512);
    SpecBuilder spec =
        common(config)
            .logitCap(config.optionalReal("final_logit_softcapping"))
            .windows(Optional.of(symmetric ? given / 2 + 1 : given), layer -> (layer + 1) % 6 != 0);
    int last = spec.layers() - 1;
    spec.each(l -> l == last, b -> b.kind(SpecBuilder.FULL).window(0));
    if (symmetric) {
      spec.each(BlockBuilder::symmetric);
    }
    wideHeads(config, spec);
    sharing(config, spec, 0);
    perLayer(config, spec);
    if (config.flagOrNone("use_double_wide_mlp", false)) {
      int first = spec.layers() - config.integer("num_kv_shared_layers", 0);
      int wide = 2 * config.size("intermediate_size", 9216, SpecBuilder.MOST_WIDTH);
      spec.each(l -> l >= first, b -> b.mlpWidth(wide));
    }
    experts(config, spec);
    return spec.name(Part.BLOCK_SCALE, "layer_scalar").build();
  }

  /** Experts beside the MLP, where the file has them. */
  private static void experts(Fields config, SpecBuilder spec) {
    if (!config.flagOrNone("enable_moe_block", false)) {
      List.of("num_experts", "top_k_experts", "moe_intermediate_size").forEach(config::pass);
      return;
    }
    int count = config.size("num_experts", 1 << 20);
    int chosen = config.size("top_k_experts", count);
    int width = config.size("moe_intermediate_size", SpecBuilder.MOST_WIDTH);
    Router router = Router.of(Scores.SOFTMAX, chosen, true);
    spec.each(
            b ->
                b.besideExperts(
                    new ExpertsSpec(b.activation(), width, count, router, Layout.OUT_IN, 0, 0, 0)))
        .name(Part.ROUTER, "router.proj")
        .name(Part.ROUTER_SCALE, "router.scale")
        .name(Part.EXPERT_SCALE, "router.per_expert_scale")
        .name(Part.EXPERTS_GATE_UP, "experts.gate_up_proj")
        .name(Part.EXPERTS_DOWN, "experts.down_proj")
        .name(Part.EXPERTS_NORM, "pre_feedforward_layernorm_2")
        .name(Part.EXPERTS_POST_NORM, "post_feedforward_layernorm_2")
        .name(Part.BESIDE_POST_NORM, "post_feedforward_layernorm_1");
  }

  /** Blocks that see everything have wider heads, and values that are their keys. */
  private static void wideHeads(Fields config, SpecBuilder spec) {
    boolean keysAreValues = config.flagOrNone("attention_k_eq_v", false);
    Optional<Fields> each = config.object("per_layer_config"); // as transformers 5 saves it
    for (int layer = 0; layer < spec.layers(); layer++) {
      int own = layer;
      boolean full = spec.kind(layer).equals(SpecBuilder.FULL);
      Heads heads =
          each.isPresent()
              ? heads(config, spec, each.get().object(Integer.toString(layer)))
              : full
                  ? globalHeads(config, spec, keysAreValues)
                  : heads(config, spec, Optional.empty());
      spec.each(l -> l == own, b -> b.heads(spec.heads(), heads.keyValueHeads(), heads.width()))
          .rotaryWidth(spec.kind(layer), heads.width());
      if (full && keysAreValues) {
        spec.each(l -> l == own, b -> b.without(Part.VALUE));
      }
    }
  }

  private record Heads(int keyValueHeads, int width) {}

  private static Heads globalHeads(Fields config, SpecBuilder spec, boolean keysAreValues) {
    String field = "num_global_key_value_heads";
    int usual = config.size("num_key_value_heads", SpecBuilder.MOST_WIDTH);
    return new Heads(
        dividing(
            config,
            spec,
            field,
            config.optionalInteger(field).filter(n -> keysAreValues).orElse(usual)),
        config.sizeOrNone("global_head_dim", 512, spec.headWidth(), SpecBuilder.MOST_WIDTH));
  }

  /** The heads of a block that may have fields of its own. */
  private static Heads heads(Fields config, SpecBuilder spec, Optional<Fields> own) {
    String field = "num_key_value_heads";
    int usual = config.size(field, SpecBuilder.MOST_WIDTH);
    int count = own.map(o -> o.size(field, usual, SpecBuilder.MOST_WIDTH)).orElse(usual);
    return new Heads(
        dividing(config, spec, field, count),
        own.map(o -> o.size("head_dim", spec.headWidth(), SpecBuilder.MOST_WIDTH))
            .orElse(spec.headWidth()));
  }

  private static int dividing(Fields config, SpecBuilder spec, String field, int count) {
    if (count < 1 || spec.heads() % count != 0) {
      throw config.problem(field, "does not divide num_attention_heads");
    }
    return count;
  }
}
