package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.ExpertsSpec.Router;
import dev.sonde.formats.huggingface.ExpertsSpec.Scores;
import java.util.Map;
import java.util.function.Function;

/** Granite: factors on embeddings, scores, what blocks add, and logits. */
final class GraniteKin {
  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.of(
          "granite", GraniteKin::granite,
          "granitemoe", GraniteKin::graniteMoe,
          "granitemoeshared", GraniteKin::graniteMoe,
          "granitemoehybrid", GraniteKin::hybrid);

  private GraniteKin() {}

  private static SpecBuilder common(Fields config) {
    double residual = config.real("residual_multiplier", 1);
    return LlamaKin.of(config)
        .embeddingScale(config.real("embedding_multiplier", 1))
        .scale(config.real("attention_multiplier", 1))
        .logitScale(1 / config.real("logits_scaling", 1))
        .each(b -> b.residualScale(residual));
  }

  private static DecoderSpec granite(Fields config) {
    return common(config).build();
  }

  private static DecoderSpec graniteMoe(Fields config) {
    return mixed(config, common(config)).build();
  }

  private static SpecBuilder mixed(Fields config, SpecBuilder spec) {
    int shared = config.integer("shared_intermediate_size", 0);
    Router router = Router.of(Scores.SOFTMAX, config.size("num_experts_per_tok", 2, 1 << 20), true);
    Mixture experts =
        new Mixture(
                config,
                Mixture.count(config, 8),
                config.size("intermediate_size", SpecBuilder.MOST_WIDTH),
                router)
            .shared(shared);
    return spec.each(
        b -> {
          experts
              .in(b, "block_sparse_moe", "router")
              .name(Part.ROUTER, "block_sparse_moe.router", "block_sparse_moe.router.layer")
              .name(
                  Part.EXPERTS_GATE_UP,
                  "block_sparse_moe.experts.gate_up_proj",
                  "block_sparse_moe.input_linear.weight")
              .name(
                  Part.EXPERTS_DOWN,
                  "block_sparse_moe.experts.down_proj",
                  "block_sparse_moe.output_linear.weight");
          if (shared > 0) {
            b.name(Part.SHARED_GATE_UP, "shared_mlp.input_linear")
                .name(Part.SHARED_DOWN, "shared_mlp.output_linear");
          }
        });
  }

  /** Granite 4: Mamba blocks among those with attention, experts beside an MLP for all tokens. */
  private static DecoderSpec hybrid(Fields config) {
    String positions = "position_embedding_type";
    boolean rotated = !config.isNone(positions) && config.text(positions, "nope").equals("rope");
    config.pass("init_method");
    String norm = "normalization_function";
    if (!config.text(norm, "rmsnorm").equals("rmsnorm")) {
      throw config.problem(norm, "is not computed; rmsnorm is");
    }
    SpecBuilder spec = MambaKin.mixed(config, common(config).kinds(layer -> "mamba"));
    if (!rotated) {
      spec.unrotated();
    }
    if (config.integer("num_local_experts", 8) > 0) {
      return mixed(config, spec).build();
    }
    int shared = config.size("shared_intermediate_size", SpecBuilder.MOST_WIDTH);
    return spec.each(
            b ->
                b.mlpWidth(shared)
                    .fusedGate("shared_mlp.input_linear")
                    .name(Part.DOWN, "shared_mlp.output_linear"))
        .build();
  }
}
