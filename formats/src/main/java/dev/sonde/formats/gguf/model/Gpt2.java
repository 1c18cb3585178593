package dev.sonde.formats.gguf.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** GPT-2, whose matrices the folder holds transposed. */
final class Gpt2 implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("GPT2LMHeadModel"));
    config.put("model_type", "gpt2");
    config.put("n_embd", given.width());
    config.put("n_layer", given.blocks());
    config.put("n_head", given.heads());
    config.put("n_inner", given.whole("feed_forward_length"));
    config.put("n_positions", given.whole("context_length"));
    config.put("n_ctx", given.whole("context_length"));
    config.put("layer_norm_epsilon", given.real("attention.layer_norm_epsilon"));
    config.put("activation_function", "gelu_new");
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Rule.module("token_embd", "transformer.wte"),
            Rule.module("position_embd", "transformer.wpe"),
            Rule.module("blk.*.attn_norm", "transformer.h.*.ln_1"),
            transposed("attn_qkv", "attn.c_attn"),
            transposed("attn_output", "attn.c_proj"),
            Rule.module("blk.*.ffn_norm", "transformer.h.*.ln_2"),
            transposed("ffn_up", "mlp.c_fc"),
            transposed("ffn_down", "mlp.c_proj"),
            Rule.module("output_norm", "transformer.ln_f"),
            Rule.module("output", "lm_head"))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> transposed(String source, String target) {
    String from = "blk.*." + source;
    String to = "transformer.h.*." + target;
    return Stream.of(
        Rule.of(from + ".weight", to + ".weight", Layout.transposed()),
        Rule.of(from + ".bias", to + ".bias", Layout.asStored()));
  }
}
