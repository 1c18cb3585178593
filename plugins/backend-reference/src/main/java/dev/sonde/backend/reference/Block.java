package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.DenseSpec;
import dev.sonde.formats.huggingface.ExpertsSpec;
import dev.sonde.formats.huggingface.PairedSpec;
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
  private final Optional<AltUp> altUp;
  private final Optional<Laurel> laurel;
  private final Optional<OwnInput> ownInput;
  private final Optional<float[]> scale;

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
        switch (spec.block(layer).mlp()) {
          case DenseSpec dense -> new DenseMlp(dense, spec, weights, layer, kernel);
          case ExpertsSpec experts -> new Experts(experts, spec, weights, layer, kernel);
          case PairedSpec pair -> new PairedMlp(pair, spec, weights, layer, kernel);
        };
    this.mlpPostNorm = norm(spec, weights, Part.MLP_POST_NORM);
    this.altUp = spec.altUp().map(a -> new AltUp(spec, weights, layer, kernel));
    this.laurel = spec.altUp().map(a -> new Laurel(spec, weights, layer, kernel));
    this.ownInput = spec.perLayer().map(p -> new OwnInput(spec, weights, layer, kernel));
    this.scale =
        spec.has(Part.BLOCK_SCALE, layer)
            ? Optional.of(Floats.of(weights.vector(Part.BLOCK_SCALE, layer, 1)))
            : Optional.empty();
  }

  private Optional<Norm> norm(DecoderSpec spec, DecoderWeights weights, Part part) {
    return weights.norm(part, layer).map(gain -> Norm.of(spec.width(), gain));
  }

  /** The streams after the block. */
  Streams apply(Streams before, List<Run> runs, Observer observer) {
    Streams predicted = altUp.map(a -> a.predicted(before)).orElse(before);
    float[] sum = subLayers(predicted.residual(), runs, observer);
    Streams after =
        altUp.map(a -> a.corrected(predicted, sum)).orElseGet(() -> predicted.residual(sum));
    after = withOwnInput(after, observer);
    after =
        scale.isPresent() ? after.residual(Floats.times(after.residual(), scale.get()[0])) : after;
    observer.see(layer, HookPoint.RESID_POST, after.residual());
    return after;
  }

  /**
   * The block's own input is added to the residual stream, or to the others where there are any.
   */
  private Streams withOwnInput(Streams streams, Observer observer) {
    if (ownInput.isEmpty()) {
      return streams;
    }
    float[] residual = streams.residual();
    float[] gating = altUp.map(a -> a.scaled(residual)).orElse(residual);
    float[] added = ownInput.get().apply(gating, streams.perLayer().get(layer), observer);
    return altUp.isPresent()
        ? streams.others(streams.others().stream().map(s -> Floats.sum(s, added)).toList())
        : streams.residual(Floats.sum(residual, added));
  }

  /** The residual stream with what mixer and MLP add. */
  private float[] subLayers(float[] residual, List<Run> runs, Observer observer) {
    observer.see(layer, "hook_attn_in", residual);
    float[] normed = before(attentionNorm, "ln1", residual, observer);
    float[] attended = after(attentionPostNorm, mixer.apply(normed, runs, observer));
    observer.see(layer, "hook_attn_out", attended);

    float[] sum = Floats.sum(residual, attended);
    float[] middle = laurel.map(l -> l.apply(sum, normed, observer)).orElse(sum);
    if (!parallel) {
      observer.see(layer, "hook_resid_mid", middle);
    }

    float[] seen = parallel ? residual : middle;
    observer.see(layer, "hook_mlp_in", seen);
    float[] added =
        after(mlpPostNorm, mlp.apply(before(mlpNorm, "ln2", seen, observer), seen, observer));
    observer.see(layer, "hook_mlp_out", added);

    return Floats.sum(middle, added);
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
