package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Granite 4: Mamba blocks among those with attention, with experts or without. */
final class GraniteHybrid implements Family {
  private static final String SHARED_WIDTH = "expert_shared_feed_forward_length";

  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config =
        Dense.config(given, "granitemoehybrid", "GraniteMoeHybridForCausalLM");
    config.remove("head_dim");
    Granite.factors(given, config);
    boolean rotated = given.flag("rope.scaling.finetuned").orElse(true);
    config.put("position_embedding_type", rotated ? "rope" : "nope");
    config.put("layer_types", given.kinds("ssm_a", "mamba", "attention"));
    long inner = given.whole("ssm.inner_size");
    long heads = given.size("ssm.time_step_rank");
    config.put("mamba_n_heads", heads);
    config.put("mamba_d_head", inner / heads);
    config.put("mamba_expand", inner / given.width());
    config.put("mamba_n_groups", given.whole("ssm.group_count"));
    config.put("mamba_d_state", given.whole("ssm.state_size"));
    config.put("mamba_d_conv", given.whole("ssm.conv_kernel"));
    if (isMixture(given)) {
      ExpertTensors.put(given, config, "num_local_experts");
      config.put("shared_intermediate_size", given.whole(SHARED_WIDTH));
    } else {
      config.put("num_local_experts", 0L);
      config.put(
          "shared_intermediate_size",
          given.optionalWhole(SHARED_WIDTH).orElseGet(() -> given.whole("feed_forward_length")));
    }
    return config;
  }

  private static boolean isMixture(Hyperparameters given) {
    return given.optionalWhole("expert_count").orElse(0L) > 0;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Stream.concat(Dense.attention(Layout.rotaryPairs(given.headWidth())), stateSpace())
                .map(Rule::ofSomeBlocks),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            isMixture(given) ? Granite.experts() : forAllTokens(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> stateSpace() {
    String space = "model.layers.*.mamba.";
    return Stream.of(
        Rule.of("blk.*.ssm_in.weight", space + "in_proj.weight", Layout.asStored()),
        Rule.of("blk.*.ssm_in.bias", space + "in_proj.bias", Layout.asStored()),
        Rule.of("blk.*.ssm_conv1d.weight", space + "conv1d.weight", Layout.convolution()),
        Rule.of("blk.*.ssm_conv1d.bias", space + "conv1d.bias", Layout.asStored()),
        Rule.of("blk.*.ssm_a", space + "A_log", Layout.logarithms()),
        Rule.of("blk.*.ssm_d", space + "D", Layout.flat()),
        Rule.of("blk.*.ssm_dt.bias", space + "dt_bias", Layout.asStored()),
        Rule.of("blk.*.ssm_norm.weight", space + "norm.weight", Layout.flat()),
        Rule.of("blk.*.ssm_out.weight", space + "out_proj.weight", Layout.asStored()),
        Rule.of("blk.*.ssm_out.bias", space + "out_proj.bias", Layout.asStored()));
  }

  private static Stream<Rule> forAllTokens() {
    return Stream.concat(
        Stream.of(
            new Rule(
                "model.layers.*.shared_mlp.input_linear.weight",
                List.of("blk.*.ffn_gate.weight", "blk.*.ffn_up.weight"),
                Layout.joined())),
        Dense.block("ffn_down", "shared_mlp.output_linear"));
  }
}
