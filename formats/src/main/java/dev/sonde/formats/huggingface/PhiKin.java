package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.AttentionSpec.Fusion;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import java.util.Map;
import java.util.function.Function;

/** Phi, and the families built like its second: heads that turn in part, LayerNorm. */
final class PhiKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of(
          "phi", PhiKin::phi,
          "phi3", PhiKin::phi3,
          "persimmon", PhiKin::persimmon,
          "stablelm", PhiKin::stableLm,
          "starcoder2", PhiKin::starCoder2);

  private PhiKin() {}

  /** Attention and MLP beside each other behind one norm. */
  private static DecoderSpec phi(Fields file) {
    Fields config = file.with(Map.of(), Map.of("hidden_act", "gelu_new"));
    SpecBuilder spec =
        LlamaKin.of(config)
            .norm(NormSpec.layer(config.real("layer_norm_eps", 1e-5)))
            .rotary(r -> r.share(0.5))
            .parallel()
            .without(Part.MLP_NORM)
            .name(Part.OUTPUT, "self_attn.dense")
            .each(b -> b.plain("mlp.fc1", "mlp.fc2"))
            .outside(Part.FINAL_NORM, "model.final_layernorm");
    return layerNormedHeads(config, spec).build();
  }

  private static SpecBuilder layerNormedHeads(Fields config, SpecBuilder spec) {
    return config.flag("qk_layernorm", false)
        ? spec.each(
            b -> b.queryKeyNorm(Over.HEAD, "self_attn.q_layernorm", "self_attn.k_layernorm"))
        : spec;
  }

  private static DecoderSpec phi3(Fields file) {
    Fields config =
        LlamaKin.epsilon5(file)
            .with(Map.of(), Map.of("original_max_position_embeddings", 4096L))
            .without("layer_types");
    return LlamaKin.of(config)
        .rotary(r -> r.share(1))
        .window(config.optionalInteger("sliding_window"))
        .fused(Fusion.STACKED, "self_attn.qkv_proj")
        .each(b -> b.fusedGate("mlp.gate_up_proj"))
        .build();
  }

  private static DecoderSpec persimmon(Fields file) {
    Fields config =
        file.with(Map.of(), Map.of("hidden_act", "relu2", "qk_layernorm", true))
            .without("num_key_value_heads");
    SpecBuilder spec =
        LlamaKin.of(config)
            .norm(NormSpec.layer(config.real("layer_norm_eps", 1e-5)))
            .rotary(r -> r.base(25_000).share(0.5))
            .fused(Fusion.BY_HEAD, "self_attn.query_key_value")
            .name(Part.OUTPUT, "self_attn.dense")
            .each(b -> b.plain("mlp.dense_h_to_4h", "mlp.dense_4h_to_h"))
            .outside(Part.FINAL_NORM, "model.final_layernorm");
    return layerNormedHeads(config, spec).build();
  }

  private static DecoderSpec stableLm(Fields config) {
    config.pass("use_qkv_bias");
    SpecBuilder spec =
        LlamaKin.of(config)
            .norm(NormSpec.layer(config.real("layer_norm_eps", 1e-5)))
            .rotary(r -> r.share(0.25));
    return config.flag("use_parallel_residual", false)
        ? spec.parallel().without(Part.MLP_NORM).build()
        : spec.build();
  }

  private static DecoderSpec starCoder2(Fields file) {
    Fields config =
        file.with(Map.of(), Map.of("num_key_value_heads", 2L, "hidden_act", "gelu_pytorch_tanh"))
            .without("layer_types");
    return LlamaKin.of(config)
        .norm(NormSpec.layer(config.real("norm_epsilon", 1e-5)))
        .window(config.optionalInteger("sliding_window"))
        .each(b -> b.plain("mlp.c_fc", "mlp.c_proj"))
        .tiedByDefault()
        .build();
  }
}
