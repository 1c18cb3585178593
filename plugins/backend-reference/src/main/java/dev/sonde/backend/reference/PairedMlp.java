package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.PairedSpec;
import dev.sonde.formats.huggingface.Part;

/**
 * An MLP for all tokens and experts beside it. Experts and router see the residual stream each by a
 * norm of its own; what MLP and experts give is normed before the two are added.
 */
final class PairedMlp implements Mlp {
  private final DenseMlp dense;
  private final Norm densePostNorm;
  private final Norm expertsNorm;
  private final Experts experts;
  private final Norm expertsPostNorm;
  private final Norm routerNorm;
  private final float[] routerScale;

  PairedMlp(PairedSpec pair, DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    int width = spec.width();
    this.dense = new DenseMlp(pair.dense(), spec, weights, layer, kernel);
    this.densePostNorm = Norm.of(width, weights.norm(Part.BESIDE_POST_NORM, layer).orElseThrow());
    this.expertsNorm = Norm.of(width, weights.norm(Part.EXPERTS_NORM, layer).orElseThrow());
    this.experts = new Experts(pair.experts(), spec, weights, layer, kernel);
    this.expertsPostNorm =
        Norm.of(width, weights.norm(Part.EXPERTS_POST_NORM, layer).orElseThrow());
    this.routerNorm = Norm.bare(spec.block(layer).norm(), width);
    this.routerScale = Floats.of(weights.vector(Part.ROUTER_SCALE, layer, width));
  }

  @Override
  public float[] apply(float[] x, float[] residual, Observer observer) {
    float[] plain = densePostNorm.apply(dense.apply(x, residual, observer));
    float[] sent = experts.sent(expertsNorm.apply(residual), routed(residual), observer);
    return Floats.sum(plain, expertsPostNorm.apply(sent));
  }

  /** What the router sees: {@code scale · norm(x) / sqrt(d_model)}. */
  private float[] routed(float[] residual) {
    float[] normed = routerNorm.apply(residual);
    float root = (float) (1 / Math.sqrt(routerScale.length));
    for (int i = 0; i < normed.length; i++) {
      normed[i] *= routerScale[i % routerScale.length] * root;
    }
    return normed;
  }
}
