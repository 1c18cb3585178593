package dev.sonde.formats.gguf.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** OLMoE, a mixture of experts with norms over all queries and all keys. */
final class Olmoe implements Family {
  @Override
  public Map<String, Object> config(Hyperparameters given) {
    Map<String, Object> config = Dense.config(given, "olmoe", "OlmoeForCausalLM");
    config.remove("head_dim");
    config.put("hidden_act", "silu");
    config.put("rms_norm_eps", given.real("attention.layer_norm_rms_epsilon"));
    config.put("attention_bias", given.has("blk.0.attn_q.bias"));
    given.optionalReal("attention.clamp_kqv").ifPresent(clamp -> config.put("clip_qkv", clamp));
    ExpertTensors.put(given, config, "num_experts");
    config.put("norm_topk_prob", given.flag("expert_weights_norm").orElse(false));
    return config;
  }

  @Override
  public List<Rule> rules(Hyperparameters given) {
    return Stream.of(
            Dense.embedding(),
            Dense.block("attn_norm", "input_layernorm"),
            Dense.attention(Layout.asStored()),
            Dense.queryKeyNorms(Layout.asStored()),
            Dense.block("ffn_norm", "post_attention_layernorm"),
            ExpertTensors.usual(given),
            Dense.head(Layout.asStored()))
        .flatMap(rules -> rules)
        .toList();
  }
}
