package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.ExpertsSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;

/**
 * One block: mixer and MLP, each normed before or after or both, are added to the residual stream.
 * The MLP sees what the mixer has added, unless the two are parallel.
 */
final class Block {
  private final int layer;
  private final boolean parallel;
  private final float residualScale;
  private final Optional<Norm> attentionNorm;
  private final Mixer mixer;
  private final Optional<Norm> attentionPostNorm;
  private final Optional<Norm> mlpNorm;
  private final Mlp mlp;
  private final Optional<Norm> mlpPostNorm;

  Block(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.layer = layer;
    this.parallel = spec.block(layer).parallel();
    this.residualScale = (float) spec.block(layer).residualScale();
    this.attentionNorm = norm(spec, weights, Part.ATTENTION_NORM);
    this.mixer = Mixer.of(spec, weights, layer, kernel);
    this.attentionPostNorm = norm(spec, weights, Part.ATTENTION_POST_NORM);
    Optional<Norm> own = norm(spec, weights, Part.MLP_NORM);
    this.mlpNorm = parallel ? own.or(() -> attentionNorm) : own;
    this.mlp =
        spec.block(layer).mlp() instanceof ExpertsSpec experts
            ? new Experts(experts, spec, weights, layer, kernel)
            : new DenseMlp(spec, weights, layer, kernel);
    this.mlpPostNorm = norm(spec, weights, Part.MLP_POST_NORM);
  }

  private Optional<Norm> norm(DecoderSpec spec, DecoderWeights weights, Part part) {
    return weights.norm(part, layer).map(gain -> Norm.of(spec.width(), gain));
  }

  /** The residual stream after the block. */
  float[] apply(float[] residual, List<Run> runs, Observer observer) {
    observer.see(layer, "hook_attn_in", residual);
    float[] attended =
        mixer.apply(before(attentionNorm, "ln1", residual, observer), runs, observer);
    attended = after(attentionPostNorm, attended);
    observer.see(layer, "hook_attn_out", attended);

    float[] middle = Floats.sum(residual, attended);
    if (!parallel) {
      observer.see(layer, "hook_resid_mid", middle);
    }

    float[] seen = parallel ? residual : middle;
    observer.see(layer, "hook_mlp_in", seen);
    float[] added = after(mlpPostNorm, mlp.apply(before(mlpNorm, "ln2", seen, observer), observer));
    observer.see(layer, "hook_mlp_out", added);

    float[] sum = Floats.sum(middle, added);
    observer.see(layer, HookPoint.RESID_POST, sum);
    return sum;
  }

  private float[] before(Optional<Norm> norm, String name, float[] x, Observer observer) {
    String prefix = "blocks." + layer + "." + name;
    return norm.map(n -> Transformer.norm(n, prefix, x, observer)).orElse(x);
  }

  /** What a sub-layer adds to the stream. */
  private float[] after(Optional<Norm> norm, float[] x) {
    float[] added = norm.map(n -> n.apply(x)).orElse(x);
    return residualScale == 1 ? added : Floats.times(added, residualScale);
  }
}
