package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** ByteDance's Seed-OSS. */
final class SeedOss implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "seed_oss", "SeedOssForCausalLM");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    config.put("attention_out_bias", given.has("blk.0.attn_output.bias"));
    config.put("mlp_bias", given.has("blk.0.ffn_up.bias"));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            Dense.block("post_attention_norm", "post_attention_layernorm"),
            Dense.mlp(),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
