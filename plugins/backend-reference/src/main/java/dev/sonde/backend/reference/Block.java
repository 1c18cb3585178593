package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;

/**
 * One block: attention and MLP, each normed before or after or both, are added to the residual
 * stream. The MLP sees what attention has added, unless the two are parallel.
 */
final class Block {
  private final int layer;
  private final boolean parallel;
  private final Optional<Norm> attentionNorm;
  private final Attention attention;
  private final Optional<Norm> attentionPostNorm;
  private final Optional<Norm> mlpNorm;
  private final Mlp mlp;
  private final Optional<Norm> mlpPostNorm;

  Block(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.layer = layer;
    this.parallel = spec.parallel();
    this.attentionNorm = norm(spec, weights, Part.ATTENTION_NORM);
    this.attention = new Attention(spec, weights, layer, kernel);
    this.attentionPostNorm = norm(spec, weights, Part.ATTENTION_POST_NORM);
    Optional<Norm> own = norm(spec, weights, Part.MLP_NORM);
    this.mlpNorm = parallel ? own.or(() -> attentionNorm) : own;
    this.mlp =
        spec.has(Part.ROUTER)
            ? new Experts(spec, weights, layer, kernel)
            : new DenseMlp(spec, weights, layer, kernel);
    this.mlpPostNorm = norm(spec, weights, Part.MLP_POST_NORM);
  }

  private Optional<Norm> norm(DecoderSpec spec, DecoderWeights weights, Part part) {
    return weights.norm(part, layer).map(gain -> Norm.of(spec.norm(), spec.width(), gain));
  }

  /** The residual stream after the block. */
  float[] apply(float[] residual, List<Run> runs, Observer observer) {
    observer.see(layer, "hook_attn_in", residual);
    float[] attended =
        attention.apply(before(attentionNorm, "ln1", residual, observer), runs, observer);
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
    return norm.map(n -> Decoder.norm(n, prefix, x, observer)).orElse(x);
  }

  private static float[] after(Optional<Norm> norm, float[] x) {
    return norm.map(n -> n.apply(x)).orElse(x);
  }
}
