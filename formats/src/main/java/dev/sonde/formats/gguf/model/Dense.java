package dev.sonde.formats.gguf.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the families after Llama share: most names and most fields. */
final class Dense {
  private static final String BLOCK = "model.layers.*.";

  private Dense() {}

  /** Fields under the names that these families have in common. */
  static Map<String, Object> config(Hyperparameters given, String type, String architecture) {
    return config(given, type, architecture, given.whole("feed_forward_length"));
  }

  /**
   * The same.
   *
   * @param inner the MLP's width, or one for each block
   */
  static Map<String, Object> config(
      Hyperparameters given, String type, String architecture, Object inner) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of(architecture));
    config.put("model_type", type);
    config.put("hidden_size", given.width());
    config.put("intermediate_size", inner);
    config.put("num_hidden_layers", given.blocks());
    config.put("num_attention_heads", given.heads());
    config.put("num_key_value_heads", given.keyValueHeads());
    config.put("head_dim", given.headWidth());
    config.put("max_position_embeddings", given.whole("context_length"));
    config.put("rope_theta", given.rotaryBase());
    RopeScaling.of(given).ifPresent(scaling -> config.put("rope_scaling", scaling));
    return config;
  }

  /** The embedding. */
  static Stream<Rule> embedding() {
    return Rule.module("token_embd", "model.embed_tokens");
  }

  /** The last norm and the unembedding. */
  static Stream<Rule> head(Layout norm) {
    return Stream.concat(
        Rule.module("output_norm", "model.norm", norm), Rule.module("output", "lm_head"));
  }

  /** A module of every block. */
  static Stream<Rule> block(String source, String target) {
    return block(source, target, Layout.asStored());
  }

  /** A module of every block in a layout. */
  static Stream<Rule> block(String source, String target, Layout layout) {
    return Rule.module("blk.*." + source, BLOCK + target, layout);
  }

  /** Queries, keys, values and what leaves the heads. */
  static Stream<Rule> attention(Layout queriesAndKeys) {
    return Stream.of(
            block("attn_q", "self_attn.q_proj", queriesAndKeys),
            block("attn_k", "self_attn.k_proj", queriesAndKeys),
            block("attn_v", "self_attn.v_proj"),
            block("attn_output", "self_attn.o_proj"))
        .flatMap(rules -> rules);
  }

  /** The norms of queries and keys. */
  static Stream<Rule> queryKeyNorms(Layout norm) {
    return Stream.concat(
        block("attn_q_norm", "self_attn.q_norm", norm),
        block("attn_k_norm", "self_attn.k_norm", norm));
  }

  /** The gated MLP. */
  static Stream<Rule> mlp() {
    return Stream.of(
            block("ffn_gate", "mlp.gate_proj"),
            block("ffn_up", "mlp.up_proj"),
            block("ffn_down", "mlp.down_proj"))
        .flatMap(rules -> rules);
  }
}
