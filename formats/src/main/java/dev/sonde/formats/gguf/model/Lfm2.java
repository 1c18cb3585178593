package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** LFM 2: short convolutions, with attention in a few blocks. */
final class Lfm2 implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "lfm2", "Lfm2ForCausalLM");
    config.remove("head_dim");
    config.put("block_auto_adjust_ff_dim", false);
    config.put("norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("conv_L_cache", given.whole("shortconv.l_cache"));
    config.put("conv_bias", false);
    config.put("layer_types", given.kinds("shortconv.in_proj.weight", "conv", "full_attention"));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    Stream<Rule> inSome =
        Stream.of(
                Dense.block("shortconv.in_proj", "conv.in_proj"),
                Stream.of(
                    Rule.of(
                        "blk.*.shortconv.conv.weight",
                        "model.layers.*.conv.conv.weight",
                        Layout.convolution())),
                Dense.block("shortconv.out_proj", "conv.out_proj"),
                Dense.block("attn_q", "self_attn.q_proj"),
                Dense.block("attn_k", "self_attn.k_proj"),
                Dense.block("attn_v", "self_attn.v_proj"),
                Dense.block("attn_output", "self_attn.out_proj"),
                Dense.block("attn_q_norm", "self_attn.q_layernorm"),
                Dense.block("attn_k_norm", "self_attn.k_layernorm"))
            .flatMap(rules -> rules)
            .map(Rule::ofSomeBlocks);
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "operator_norm"),
            inSome,
            Dense.block("ffn_norm", "ffn_norm"),
            Dense.block("ffn_gate", "feed_forward.w1"),
            Dense.block("ffn_up", "feed_forward.w3"),
            Dense.block("ffn_down", "feed_forward.w2"),
            // The final norm, under the name that transformers gives it.
            Rule.module("token_embd_norm", "model.embedding_norm"),
            Rule.module("output_norm", "model.embedding_norm"),
            Rule.module("output", "lm_head"))
        .flatMap(rules -> rules)
        .toList();
  }
}
