package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.ExpertsSpec.Layout;
import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.Map;
import java.util.Optional;

/** GPT-OSS: sinks, and experts whose gates are cut. */
final class GptOssKin {
  private GptOssKin() {}

  static DecoderSpec read(Fields file) {
    Map<String, Object> yarn =
        Map.of(
            "rope_type",
            "yarn",
            "factor",
            32L,
            "truncate",
            false,
            "original_max_position_embeddings",
            4096L);
    Fields config =
        LlamaKin.epsilon5(LlamaKin.withRope(file, yarn))
            .with(Map.of(), Map.of("head_dim", 64L, "num_key_value_heads", 8L));
    int chosen =
        config.has("num_experts_per_tok")
            ? config.size("num_experts_per_tok", 1 << 20)
            : config.size("experts_per_token", 4, 1 << 20);
    config.pass("experts_per_token");
    config.pass("initial_context_length");
    config.pass("swiglu_limit");
    ExpertsSpec experts =
        new ExpertsSpec(
            Activation.CLAMPED_SWIGLU,
            config.size("intermediate_size", SpecBuilder.MOST_WIDTH),
            config.size("num_local_experts", 1 << 20),
            Router.of(Scores.SOFTMAX, chosen, true),
            Layout.ALTERNATING,
            0,
            config.real("swiglu_limit", 7),
            config.real("swiglu_alpha", 1.702));
    return LlamaKin.of(config)
        .rotary(r -> r.base(150_000))
        .windows(Optional.of(config.integer("sliding_window", 128)), layer -> layer % 2 == 0)
        .each(b -> b.experts(experts))
        .name(Part.SINKS, "self_attn.sinks")
        .name(Part.ROUTER, "mlp.router")
        .name(Part.EXPERTS_GATE_UP, "mlp.experts.gate_up_proj")
        .name(Part.EXPERTS_DOWN, "mlp.experts.down_proj")
        .build();
  }
}
