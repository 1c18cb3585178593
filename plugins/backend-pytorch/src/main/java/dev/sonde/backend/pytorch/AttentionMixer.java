package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
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

  /**
   * Queries, keys and values as projected, the latter where the block makes its own, and the gates
   * that may stand beside queries.
   */
  record Projected(
      PtNDArray queries,
      Optional<PtNDArray> keys,
      Optional<PtNDArray> values,
      Optional<PtNDArray> gates) {
    static Projected of(Tokens.Heads heads) {
      return new Projected(
          heads.q(), Optional.of(heads.k()), Optional.of(heads.v()), Optional.empty());
    }
  }

  /** Before and after rotation. */
  private record Turned(PtNDArray before, PtNDArray turned) {}

  @Override
  public PtNDArray apply(Torch.Scope scope, PtNDArray x, Block block, Tokens tokens, Taps taps) {
    Projected projected =
        spec.latent().isPresent()
            ? LatentProjection.apply(scope, x, spec, block, taps)
            : project(scope, x, block, taps);
    Turned queries = queries(scope, projected.queries(), block, tokens, taps);
    Tokens.Keys keys =
        spec.keysOf()
            .map(tokens::lent)
            .orElseGet(() -> keys(scope, projected, block, tokens, taps));
    if (taps.enough()) {
      return x;
    }
    Tokens.Heads before = new Tokens.Heads(queries.before(), keys.before(), keys.values());
    Tokens.Heads heads = new Tokens.Heads(queries.turned(), keys.turned(), keys.values());
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

  private Turned queries(
      Torch.Scope scope, PtNDArray projected, Block block, Tokens tokens, Taps taps) {
    PtNDArray q = taps.at(scope, at.query(), projected);
    Turned turned =
        turned(scope, q, at.queryBeforeRotation(), Part.QUERY_NORM, block, tokens, taps);
    q = turned.turned();
    if (spec.temperature().isPresent()) {
      q = tokens.grow(scope, layer, q);
    }
    q = spec.rotary().isPresent() ? taps.at(scope, at.rotatedQuery(), q) : q;
    return new Turned(turned.before(), q);
  }

  private Tokens.Keys keys(
      Torch.Scope scope, Projected projected, Block block, Tokens tokens, Taps taps) {
    PtNDArray k = taps.at(scope, at.key(), projected.keys().orElseThrow());
    PtNDArray v = clipped(scope, projected.values().orElseThrow());
    if (spec.valueNorm().isPresent()) {
      v = scope.call("rms_norm_bare", v, spec.valueNorm().get().epsilon());
    }
    v = taps.at(scope, at.value(), v);
    Turned turned = turned(scope, k, at.keyBeforeRotation(), Part.KEY_NORM, block, tokens, taps);
    k = turned.turned();
    k = spec.rotary().isPresent() ? taps.at(scope, at.rotatedKey(), k) : k;
    return new Tokens.Keys(turned.before(), k, v);
  }

  /** Normed and rotated, in the family's order. */
  private Turned turned(
      Torch.Scope scope,
      PtNDArray x,
      HookPoint beforeRotation,
      Part norm,
      Block block,
      Tokens tokens,
      Taps taps) {
    boolean late = spec.queryKeyNorm().map(QueryKeyNorm::afterRotation).orElse(false);
    PtNDArray normed = late ? x : headNorm(scope, x, block.norm(norm));
    PtNDArray before = taps.at(scope, beforeRotation, clipped(scope, normed));
    PtNDArray after = spec.rotary().isPresent() ? tokens.rotate(scope, layer, before) : before;
    return new Turned(before, late ? headNorm(scope, after, block.norm(norm)) : after);
  }

  private PtNDArray clipped(Torch.Scope scope, PtNDArray x) {
    return spec.clip() == 0 ? x : scope.call("clipped", x, spec.clip());
  }

  private Projected project(Torch.Scope scope, PtNDArray x, Block block, Taps taps) {
    int width = spec.headWidth();
    boolean fusedOnly = !block.linears().containsKey(Part.QUERY);
    boolean joined = block.linears().containsKey(Part.QUERY_KEY_VALUE);
    if (!joined || (!fusedOnly && taps.wantsLinears())) {
      return projectApart(scope, x, block, taps);
    }
    PtNDArray fused = Layers.linear(scope, x, block.linear(Part.QUERY_KEY_VALUE), taps);
    List<PtNDArray> parts =
        fusedOnly && spec.fusion() == Fusion.BY_HEAD
            ? scope.callForMany("split_by_head", fused, width, spec.heads() / spec.keyValueHeads())
            : scope.callForMany(
                "split_stacked", fused, spec.queriesWidth(), spec.keysWidth(), width);
    return Projected.of(new Tokens.Heads(parts.get(0), parts.get(1), parts.get(2)));
  }

  /** By a linear each; values are keys where they have none, and both are another block's. */
  private Projected projectApart(Torch.Scope scope, PtNDArray x, Block block, Taps taps) {
    int width = spec.headWidth();
    PtNDArray queries = Layers.linear(scope, x, block.linear(Part.QUERY), taps);
    Optional<PtNDArray> keys = projected(scope, x, block, Part.KEY, taps);
    Optional<PtNDArray> values = projected(scope, x, block, Part.VALUE, taps).or(() -> keys);
    Optional<PtNDArray> gates = Optional.empty();
    PtNDArray q;
    if (spec.gate() == Gate.BESIDE_QUERY) {
      List<PtNDArray> halves = scope.callForMany("split_beside", queries, width);
      q = halves.get(0);
      gates = Optional.of(halves.get(1));
    } else {
      q = scope.call("heads", queries, width);
    }
    return new Projected(
        q,
        keys.map(k -> scope.call("heads", k, width)),
        values.map(v -> scope.call("heads", v, spec.valueWidth())),
        gates);
  }

  private static Optional<PtNDArray> projected(
      Torch.Scope scope, PtNDArray x, Block block, Part part, Taps taps) {
    return Optional.ofNullable(block.linears().get(part))
        .map(linear -> Layers.linear(scope, x, linear, taps));
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
