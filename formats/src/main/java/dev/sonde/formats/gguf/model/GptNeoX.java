package dev.sonde.formats.gguf.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** GPT-NeoX and Pythia, whose rows of queries, keys and values are sorted by head. */
final class GptNeoX implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("GPTNeoXForCausalLM"));
    config.put("model_type", "gpt_neox");
    config.put("hidden_size", given.width());
    config.put("intermediate_size", given.whole("feed_forward_length"));
    config.put("num_hidden_layers", given.blocks());
    config.put("num_attention_heads", given.heads());
    config.put("max_position_embeddings", given.whole("context_length"));
    config.put("rotary_emb_base", given.rotaryBase());
    long rotary = given.optionalWhole("rope.dimension_count").orElse(given.headWidth());
    config.put("rotary_pct", (double) rotary / given.headWidth());
    config.put("use_parallel_residual", given.flag("use_parallel_residual").orElse(true));
    config.put("layer_norm_eps", given.real("attention.layer_norm_epsilon"));
    config.put("hidden_act", "gelu");
    config.put("attention_bias", true);
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Rule.module("token_embd", "gpt_neox.embed_in"),
            block("attn_norm", "input_layernorm", Layout.asStored()),
            block("ffn_norm", "post_attention_layernorm", Layout.asStored()),
            block(
                "attn_qkv",
                "attention.query_key_value",
                Layout.queriesKeysValues(given.heads(), given.headWidth())),
            block("attn_output", "attention.dense", Layout.asStored()),
            block("ffn_up", "mlp.dense_h_to_4h", Layout.asStored()),
            block("ffn_down", "mlp.dense_4h_to_h", Layout.asStored()),
            Rule.module("output_norm", "gpt_neox.final_layer_norm"),
            Rule.module("output", "embed_out"))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> block(String source, String target, Layout layout) {
    return Rule.module("blk.*." + source, "gpt_neox.layers.*." + target, layout);
  }
}
