package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.backend.pytorch.Parameters.Linear;
import dev.sonde.backend.pytorch.Parameters.Norm;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.AttentionSpec.Fusion;
import dev.sonde.formats.huggingface.AttentionSpec.Gate;
import dev.sonde.formats.huggingface.AttentionSpec.Over;
import dev.sonde.formats.huggingface.AttentionSpec.QueryKeyNorm;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;

/** Attention of one block; how scores are made of queries and keys is the tokens' to know. */
final class AttentionMixer implements Mixer {
  private final AttentionSpec spec;
  private final int layer;
  private final Sites at;

  AttentionMixer(AttentionSpec spec, int layer) {
    this.spec = spec;
    this.layer = layer;
    this.at = Sites.of(layer);
  }

  /** Queries, keys and values as projected, and the gates that may stand beside queries. */
  record Projected(Tokens.Heads heads, Optional<PtNDArray> gates) {}

  @Override
  public PtNDArray apply(Torch.Scope scope, PtNDArray x, Block block, Tokens tokens, Taps taps) {
    Projected projected =
        spec.latent().isPresent()
            ? LatentProjection.apply(scope, x, spec, block, taps)
            : project(scope, x, block, taps);
    PtNDArray q = taps.at(scope, at.query(), projected.heads().q());
    PtNDArray k = taps.at(scope, at.key(), projected.heads().k());
    PtNDArray v = clipped(scope, projected.heads().v());
    if (spec.valueNorm().isPresent()) {
      v = scope.call("rms_norm_bare", v, spec.valueNorm().get().epsilon());
    }
    v = taps.at(scope, at.value(), v);
    boolean late = spec.queryKeyNorm().map(QueryKeyNorm::afterRotation).orElse(false);
    if (!late) {
      q = headNorm(scope, q, block.norm(Part.QUERY_NORM));
      k = headNorm(scope, k, block.norm(Part.KEY_NORM));
    }
    q = taps.at(scope, at.queryBeforeRotation(), clipped(scope, q));
    k = taps.at(scope, at.keyBeforeRotation(), clipped(scope, k));
    if (taps.enough()) {
      return x;
    }
    Tokens.Heads before = new Tokens.Heads(q, k, v);
    boolean rotated = spec.rotary().isPresent();
    if (rotated) {
      q = tokens.rotate(scope, layer, q);
      k = tokens.rotate(scope, layer, k);
    }
    if (late) {
      q = headNorm(scope, q, block.norm(Part.QUERY_NORM));
      k = headNorm(scope, k, block.norm(Part.KEY_NORM));
    }
    if (spec.temperature().isPresent()) {
      q = tokens.grow(scope, layer, q);
    }
    if (rotated) {
      q = taps.at(scope, at.rotatedQuery(), q);
      k = taps.at(scope, at.rotatedKey(), k);
    }
    Tokens.Heads heads = new Tokens.Heads(q, k, v);
    PtNDArray z = tokens.mix(scope, layer, before, heads, block.sinks(), taps);
    Optional<PtNDArray> gates = projected.gates();
    if (spec.gate() == Gate.LINEAR) {
      gates = Optional.of(Layers.linear(scope, x, block.linear(Part.OUTPUT_GATE), taps));
    }
    if (gates.isPresent()) {
      z = scope.call("gated_by", z, gates.get());
    }
    z = taps.at(scope, at.mixed(), z);
    Linear output = block.linear(Part.OUTPUT);
    if (taps.wants(at.result())) {
      PtNDArray weight = scope.call("widen", output.weight());
      taps.at(scope, at.result(), scope.call("head_results", z, weight, spec.heads()));
    }
    return Layers.linear(scope, z, output, taps);
  }

  private PtNDArray clipped(Torch.Scope scope, PtNDArray x) {
    return spec.clip() == 0 ? x : scope.call("clipped", x, spec.clip());
  }

  private Projected project(Torch.Scope scope, PtNDArray x, Block block, Taps taps) {
    int width = spec.headWidth();
    boolean fusedOnly = !block.linears().containsKey(Part.QUERY);
    boolean beside = spec.gate() == Gate.BESIDE_QUERY;
    if (beside || (!fusedOnly && taps.wantsLinears())) {
      PtNDArray queries = Layers.linear(scope, x, block.linear(Part.QUERY), taps);
      PtNDArray keys = Layers.linear(scope, x, block.linear(Part.KEY), taps);
      PtNDArray values = Layers.linear(scope, x, block.linear(Part.VALUE), taps);
      Optional<PtNDArray> gates = Optional.empty();
      PtNDArray q;
      if (beside) {
        List<PtNDArray> halves = scope.callForMany("split_beside", queries, width);
        q = halves.get(0);
        gates = Optional.of(halves.get(1));
      } else {
        q = scope.call("heads", queries, width);
      }
      return new Projected(
          new Tokens.Heads(
              q, scope.call("heads", keys, width), scope.call("heads", values, spec.valueWidth())),
          gates);
    }
    PtNDArray fused = Layers.linear(scope, x, block.linear(Part.QUERY_KEY_VALUE), taps);
    List<PtNDArray> parts =
        fusedOnly && spec.fusion() == Fusion.BY_HEAD
            ? scope.callForMany("split_by_head", fused, width, spec.heads() / spec.keyValueHeads())
            : scope.callForMany(
                "split_stacked", fused, spec.queriesWidth(), spec.keysWidth(), width);
    return new Projected(
        new Tokens.Heads(parts.get(0), parts.get(1), parts.get(2)), Optional.empty());
  }

  private PtNDArray headNorm(Torch.Scope scope, PtNDArray x, Optional<Norm> norm) {
    if (norm.isEmpty()) {
      return x;
    }
    if (spec.queryKeyNorm().orElseThrow().over() == Over.TOKEN) {
      PtNDArray normed = Layers.norm(scope, scope.call("flat", x), norm.get());
      return scope.call("heads", normed, spec.headWidth());
    }
    return Layers.norm(scope, x, norm.get());
  }
}
