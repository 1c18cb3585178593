package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.StandardNormal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** The text part of Gemma 3n: alternating updates, and inputs that blocks have of their own. */
final class Gemma3n implements Family {
  private static final String TABLE = "per_layer_token_embd";

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config =
        Dense.config(
            given, "gemma3n_text", "Gemma3nForCausalLM", given.perBlock("feed_forward_length"));
    config.put("hidden_activation", "gelu_pytorch_tanh");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", false);
    config.put("sliding_window", given.whole("attention.sliding_window"));
    config.put(
        "layer_types", given.slidingBlocks().orElseGet(() -> Gemma.layerTypes(given.blocks(), 5)));
    config.put("rope_local_base_freq", given.optionalReal("rope.freq_base_swa").orElse(10_000.0));
    config.put(
        "final_logit_softcapping", given.optionalReal("final_logit_softcapping").orElse(30.0));
    config.put("num_kv_shared_layers", given.whole("attention.shared_kv_layers"));
    config.put("hidden_size_per_layer_input", given.whole("embedding_length_per_layer_input"));
    config.put("vocab_size_per_layer_input", rows(given, TABLE + ".weight"));
    config.put("altup_num_inputs", given.whole("altup.num_inputs"));
    config.put("altup_active_idx", given.whole("altup.active_idx"));
    config.put("altup_correct_scale", true);
    config.put("laurel_rank", rows(given, "blk.0.laurel_l.weight"));
    config.put("activation_sparsity_pattern", sparsity(given));
    return config;
  }

  private static long rows(Hyperparameters given, String tensor) {
    if (!given.has(tensor)) {
      throw new FormatException(given.file().path(), "tensor '" + tensor + "' is missing");
    }
    return given.tensor(tensor).shape().getFirst();
  }

  /** Files have the standard deviations that belong to the shares. */
  private static List<Double> sparsity(Hyperparameters given) {
    String key = "activation_sparsity_scale";
    List<Double> shares = new ArrayList<>();
    for (Object deviations : given.perBlock(key)) {
      if (!(deviations instanceof Number number)) {
        throw given.problem(key, "holds " + deviations);
      }
      float share = (float) StandardNormal.below(number.doubleValue());
      shares.add(Double.parseDouble(Float.toString(share)));
    }
    return shares;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Rule.module(TABLE, "model.embed_tokens_per_layer"),
            Rule.module("per_layer_model_proj", "model.per_layer_model_projection"),
            Rule.module("per_layer_proj_norm", "model.per_layer_projection_norm"),
            streamMaps(given, "altup_proj", "altup_projections"),
            streamMaps(given, "altup_unembd_proj", "altup_unembed_projections"),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.block("attn_q", "self_attn.q_proj"),
            Dense.block("attn_q_norm", "self_attn.q_norm"),
            Stream.of(
                    Dense.block("attn_k", "self_attn.k_proj"),
                    Dense.block("attn_v", "self_attn.v_proj"),
                    Dense.block("attn_k_norm", "self_attn.k_norm"))
                .flatMap(rules -> rules)
                .map(Rule::ofSomeBlocks),
            Dense.block("attn_output", "self_attn.o_proj"),
            Dense.block("post_attention_norm", "post_attention_layernorm"),
            Dense.block("laurel_l", "laurel.linear_left"),
            Dense.block("laurel_r", "laurel.linear_right"),
            Dense.block("laurel_post_norm", "laurel.post_laurel_norm"),
            Dense.block("ffn_norm", "pre_feedforward_layernorm"),
            Dense.mlp(),
            Dense.block("post_ffw_norm", "post_feedforward_layernorm"),
            altUp(),
            Dense.block("inp_gate", "per_layer_input_gate"),
            Dense.block("proj", "per_layer_projection"),
            Dense.block("post_norm", "post_per_layer_input_norm"),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> streamMaps(Hyperparameters given, String source, String target) {
    return LongStream.range(0, given.whole("altup.num_inputs") - 1)
        .mapToObj(
            i ->
                Rule.of(
                    source + ".weight",
                    "model.%s.%d.weight".formatted(target, i),
                    Layout.slice(i)));
  }

  private static Stream<Rule> altUp() {
    return Stream.of(
            Dense.block("altup_router", "altup.modality_router"),
            Dense.block("altup_router_norm", "altup.router_norm"),
            Dense.block("altup_predict_coef", "altup.prediction_coefs"),
            Dense.block("altup_correct_coef", "altup.correction_coefs"),
            Stream.of(
                Rule.of(
                    "blk.*.altup_correct_scale.weight",
                    "model.layers.*.altup.correct_output_scale",
                    Layout.asStored())))
        .flatMap(rules -> rules);
  }
}
