package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Qwen 3 Next: delta nets, with gated attention in some blocks, and experts. */
final class Qwen3Next implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "qwen3_next", "Qwen3NextForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("partial_rotary_factor", given.turningShare());
    ExpertTensors.put(given, config, "num_experts");
    config.put("moe_intermediate_size", given.whole("expert_feed_forward_length"));
    config.put("shared_expert_intermediate_size", given.whole("expert_shared_feed_forward_length"));
    config.put("decoder_sparse_step", 1L);
    config.put("mlp_only_layers", List.of());
    config.put("norm_topk_prob", given.flag("expert_weights_norm").orElse(true));
    config.put("linear_num_key_heads", given.whole("ssm.group_count"));
    config.put("linear_num_value_heads", valueHeads(given));
    config.put("linear_key_head_dim", given.whole("ssm.state_size"));
    config.put("linear_value_head_dim", given.whole("ssm.inner_size") / valueHeads(given));
    config.put("linear_conv_kernel_dim", given.whole("ssm.conv_kernel"));
    config.put("layer_types", given.kinds("ssm_a", "linear_attention", "full_attention"));
    given.pass("full_attention_interval"); // the blocks themselves say it
    return config;
  }

  private static long valueHeads(Hyperparameters given) {
    return given.size("ssm.time_step_rank");
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm", Layout.plusOne()),
            Stream.of(
                    Dense.attention(Layout.asStored()),
                    Dense.queryKeyNorms(Layout.plusOne()),
                    deltaNet(given))
                .flatMap(rules -> rules)
                .map(Rule::ofSomeBlocks),
            Dense.block("post_attention_norm", "post_attention_layernorm", Layout.plusOne()),
            ExpertTensors.usual(given),
            Dense.block("ffn_gate_inp_shexp", "mlp.shared_expert_gate", Layout.row()),
            ExpertTensors.shared("mlp.shared_expert"),
            Dense.head(Layout.plusOne()))
        .flatMap(rules -> rules)
        .toList();
  }

  private static Stream<Rule> deltaNet(Hyperparameters given) {
    String net = "model.layers.*.linear_attn.";
    long keyHeads = given.size("ssm.group_count");
    long keyWidth = given.size("ssm.state_size");
    long values = given.size("ssm.inner_size") / keyHeads;
    return Stream.of(
        new Rule(
            net + "in_proj_qkvz.weight",
            List.of("blk.*.attn_qkv.weight", "blk.*.attn_gate.weight"),
            Layout.byKeyHead(keyHeads, keyWidth, values)),
        Rule.of("blk.*.ssm_ba.weight", net + "in_proj_ba.weight", Layout.asStored()),
        Rule.of("blk.*.ssm_conv1d.weight", net + "conv1d.weight", Layout.convolution()),
        Rule.of("blk.*.ssm_a", net + "A_log", Layout.logarithms()),
        Rule.of("blk.*.ssm_dt.bias", net + "dt_bias", Layout.asStored()),
        Rule.of("blk.*.ssm_norm.weight", net + "norm.weight", Layout.asStored()),
        Rule.of("blk.*.ssm_out.weight", net + "out_proj.weight", Layout.asStored()));
  }
}
