package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
import dev.sonde.backend.pytorch.DecoderTensors.Block;
import dev.sonde.backend.pytorch.DecoderTensors.Linear;
import dev.sonde.backend.pytorch.DecoderTensors.Norm;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderSpec.Fusion;
import dev.sonde.formats.huggingface.DecoderSpec.QueryKeyNorm;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A decoder, top-down. Activations are {@code [tokens, width]} over all tokens of some sequences
 * that stand one behind the other; only attention knows where one ends. What a family has not, its
 * spec does not name.
 */
final class Decoder {
  /** The residual stream before the unembedding, over its norm's scale. */
  static final HookPoint FINAL_SCALE = HookPoint.parse("ln_final.hook_scale");

  static final HookPoint FINAL_NORMALIZED = HookPoint.parse("ln_final.hook_normalized");

  private final DecoderSpec spec;
  private final Parameters tensors;
  private final List<Sites> sites;

  /** How the tokens of a pass stand to one another. */
  interface Tokens {
    /** Per token, its position in its sequence. */
    PtNDArray positions(Torch.Scope scope);

    /**
     * Turns queries or keys by their positions.
     *
     * @param x {@code [tokens, heads, d_head]}
     */
    PtNDArray rotate(Torch.Scope scope, int layer, PtNDArray x);

    /**
     * Mixes values.
     *
     * @param before queries and keys as they are before rotation
     * @param heads queries and keys rotated
     * @param sinks a logit per head that takes part in the softmax
     * @return {@code [tokens, heads · d_head]}
     */
    PtNDArray mix(
        Torch.Scope scope,
        int layer,
        Heads before,
        Heads heads,
        Optional<PtNDArray> sinks,
        Taps taps);
  }

  /** Queries, keys and values of some tokens, {@code [tokens, heads, d_head]}. */
  record Heads(PtNDArray q, PtNDArray k, PtNDArray v) {}

  Decoder(DecoderSpec spec, Parameters tensors) {
    this.spec = spec;
    this.tensors = tensors;
    this.sites = IntStream.range(0, spec.layers()).mapToObj(Sites::of).toList();
  }

  DecoderSpec spec() {
    return spec;
  }

  /** The residual stream before the first block. */
  PtNDArray embed(Torch.Scope scope, int[] ids, Tokens tokens, Taps taps) {
    PtNDArray embedded =
        scope.call("embed", scope.integers(ids), tensors.embedding(), spec.embeddingScale());
    embedded = taps.at(scope, HookPoint.EMBED, embedded);
    if (tensors.positions().isPresent()) {
      PtNDArray places =
          scope.call("embed", tokens.positions(scope), tensors.positions().get(), 1.0);
      places = taps.at(scope, HookPoint.POSITION_EMBED, places);
      embedded = scope.call("add", embedded, places);
    }
    return taps.at(scope, sites.getFirst().residPre(), embedded);
  }

  /**
   * Runs the first blocks one after the other, each residual stream freed behind the next.
   *
   * @return the residual stream after the last of them, in the given scope
   */
  PtNDArray run(Torch.Scope scope, int[] ids, Tokens tokens, Taps taps, int blocks) {
    PtNDArray residual = embed(scope, ids, tokens, taps);
    for (int layer = 0; layer < blocks; layer++) {
      PtNDArray after = block(scope, layer, residual, tokens, taps);
      residual.close();
      residual = after;
    }
    return residual;
  }

  /**
   * Runs one block.
   *
   * @return the residual stream after it, in the given scope
   */
  PtNDArray block(Torch.Scope scope, int layer, PtNDArray residual, Tokens tokens, Taps taps) {
    Sites at = sites.get(layer);
    Block block = tensors.block(layer);
    try (Torch.Scope inner = scope.inner()) {
      PtNDArray x = taps.at(inner, at.attentionIn(), residual);
      x =
          norm(
              inner,
              x,
              block.norm(Part.ATTENTION_NORM),
              at.attentionScale(),
              at.attentionNormalized(),
              taps);
      PtNDArray attended = attend(inner, layer, x, tokens, taps);
      attended = normed(inner, attended, block.norm(Part.ATTENTION_POST_NORM));
      attended = taps.at(inner, at.attentionOut(), attended);
      PtNDArray after;
      if (spec.parallel()) {
        boolean shared = block.norm(Part.MLP_NORM).isEmpty();
        PtNDArray y =
            shared && !taps.wants(at.mlpIn()) ? x : mlpInput(inner, at, block, residual, taps);
        PtNDArray mlp = taps.at(inner, at.mlpOut(), mlp(inner, layer, y, taps));
        after = inner.call("add_to", inner.call("add", residual, attended), mlp);
      } else {
        PtNDArray middle = inner.call("add", residual, attended);
        middle = taps.at(inner, at.residMid(), middle);
        PtNDArray y = mlpInput(inner, at, block, middle, taps);
        PtNDArray mlp = mlp(inner, layer, y, taps);
        mlp = normed(inner, mlp, block.norm(Part.MLP_POST_NORM));
        mlp = taps.at(inner, at.mlpOut(), mlp);
        after = inner.call("add", middle, mlp);
      }
      return scope.keep(taps.at(inner, at.residPost(), after));
    }
  }

  private PtNDArray mlpInput(
      Torch.Scope scope, Sites at, Block block, PtNDArray residual, Taps taps) {
    PtNDArray y = taps.at(scope, at.mlpIn(), residual);
    if (spec.parallel() && block.norm(Part.MLP_NORM).isEmpty()) {
      return normed(scope, y, block.norm(Part.ATTENTION_NORM));
    }
    return norm(scope, y, block.norm(Part.MLP_NORM), at.mlpScale(), at.mlpNormalized(), taps);
  }

  /** A norm and, where somebody looks, its scale and what it gives before the gain. */
  private PtNDArray norm(
      Torch.Scope scope,
      PtNDArray x,
      Optional<Norm> norm,
      HookPoint scaleSite,
      HookPoint normalizedSite,
      Taps taps) {
    if (norm.isEmpty()) {
      return x;
    }
    if (!taps.wants(scaleSite) && !taps.wants(normalizedSite)) {
      return norm(scope, x, norm.get());
    }
    boolean centred = spec.norm().centred();
    PtNDArray scale = scope.call("norm_scale", x, spec.norm().epsilon(), centred);
    scale = taps.at(scope, scaleSite, scale);
    PtNDArray normalized = scope.call("norm_by", x, scale, centred);
    normalized = taps.at(scope, normalizedSite, normalized);
    return gained(scope, normalized, norm.get());
  }

  private static PtNDArray gained(Torch.Scope scope, PtNDArray x, Norm norm) {
    PtNDArray gained = scope.call("times", x, norm.gain());
    return norm.bias().isPresent() ? scope.call("add", gained, norm.bias().get()) : gained;
  }

  private PtNDArray norm(Torch.Scope scope, PtNDArray x, Norm norm) {
    if (!spec.norm().centred()) {
      return scope.call("rms_norm", x, norm.gain(), spec.norm().epsilon());
    }
    return norm.bias().isPresent()
        ? scope.call("layer_norm", x, norm.gain(), norm.bias().get(), spec.norm().epsilon())
        : scope.call("layer_norm_unbiased", x, norm.gain(), spec.norm().epsilon());
  }

  private PtNDArray normed(Torch.Scope scope, PtNDArray x, Optional<Norm> norm) {
    return norm.isPresent() ? norm(scope, x, norm.get()) : x;
  }

  private static PtNDArray linear(Torch.Scope scope, PtNDArray x, Linear linear, Taps taps) {
    PtNDArray in = x;
    if (taps.wantsLinears()) {
      in = taps.at(scope, HookPoint.linearIn(linear.module()), x);
    }
    String kernel = linear.bfloat16() ? "linear_bf16" : "linear";
    PtNDArray out =
        linear.bias().isPresent()
            ? scope.call(kernel + "_biased", in, linear.weight(), linear.bias().get())
            : scope.call(kernel, in, linear.weight());
    return taps.wantsLinears() ? taps.at(scope, HookPoint.linearOut(linear.module()), out) : out;
  }

  private PtNDArray attend(Torch.Scope scope, int layer, PtNDArray x, Tokens tokens, Taps taps) {
    Sites at = sites.get(layer);
    Block block = tensors.block(layer);
    Heads heads = project(scope, x, block, taps);
    PtNDArray q = taps.at(scope, at.query(), heads.q());
    PtNDArray k = taps.at(scope, at.key(), heads.k());
    PtNDArray v = taps.at(scope, at.value(), heads.v());
    q = taps.at(scope, at.queryBeforeRotation(), headNorm(scope, q, block.norm(Part.QUERY_NORM)));
    k = taps.at(scope, at.keyBeforeRotation(), headNorm(scope, k, block.norm(Part.KEY_NORM)));
    Heads before = new Heads(q, k, v);
    if (spec.attention().rotary().get(layer).isPresent()) {
      q = taps.at(scope, at.rotatedQuery(), tokens.rotate(scope, layer, q));
      k = taps.at(scope, at.rotatedKey(), tokens.rotate(scope, layer, k));
    }
    PtNDArray z = tokens.mix(scope, layer, before, new Heads(q, k, v), block.sinks(), taps);
    z = taps.at(scope, at.mixed(), z);
    Linear output = block.linear(Part.OUTPUT);
    if (taps.wants(at.result())) {
      PtNDArray weight = scope.call("widen", output.weight());
      taps.at(scope, at.result(), scope.call("head_results", z, weight, spec.attention().heads()));
    }
    return linear(scope, z, output, taps);
  }

  private Heads project(Torch.Scope scope, PtNDArray x, Block block, Taps taps) {
    DecoderSpec.Attention attention = spec.attention();
    int width = attention.headWidth();
    if (!spec.has(Part.QUERY_KEY_VALUE) && taps.wantsLinears()) {
      return new Heads(
          scope.call("heads", linear(scope, x, block.linear(Part.QUERY), taps), width),
          scope.call("heads", linear(scope, x, block.linear(Part.KEY), taps), width),
          scope.call("heads", linear(scope, x, block.linear(Part.VALUE), taps), width));
    }
    PtNDArray fused = linear(scope, x, block.linear(Part.QUERY_KEY_VALUE), taps);
    List<PtNDArray> parts =
        attention.fusion() == Fusion.BY_HEAD
            ? scope.callForMany("split_by_head", fused, width)
            : scope.callForMany(
                "split_stacked", fused, attention.queryWidth(), attention.keyWidth(), width);
    return new Heads(parts.get(0), parts.get(1), parts.get(2));
  }

  private PtNDArray headNorm(Torch.Scope scope, PtNDArray x, Optional<Norm> norm) {
    if (norm.isEmpty()) {
      return x;
    }
    if (spec.attention().queryKeyNorm() == QueryKeyNorm.WHOLE) {
      PtNDArray normed = norm(scope, scope.call("flat", x), norm.get());
      return scope.call("heads", normed, spec.attention().headWidth());
    }
    return norm(scope, x, norm.get());
  }

  private PtNDArray mlp(Torch.Scope scope, int layer, PtNDArray x, Taps taps) {
    Sites at = sites.get(layer);
    Block block = tensors.block(layer);
    if (spec.has(Part.ROUTER)) {
      PtNDArray logits = linear(scope, x, block.linear(Part.ROUTER), taps);
      logits = taps.at(scope, at.router(), logits);
      PtNDArray[] experts = block.experts().toArray(PtNDArray[]::new);
      return scope.call(
          "experts",
          x,
          logits,
          spec.mlp().chosen(),
          experts,
          spec.mlp().limit(),
          spec.mlp().slope());
    }
    String activation = spec.mlp().activation().name();
    PtNDArray inner;
    if (spec.has(Part.GATE) || spec.has(Part.GATE_UP)) {
      PtNDArray gate;
      PtNDArray up;
      if (spec.has(Part.GATE_UP) || !taps.wantsLinears()) {
        PtNDArray fused = linear(scope, x, block.linear(Part.GATE_UP), taps);
        List<PtNDArray> halves = scope.callForMany("halves", fused);
        gate = halves.get(0);
        up = halves.get(1);
      } else {
        gate = linear(scope, x, block.linear(Part.GATE), taps);
        up = linear(scope, x, block.linear(Part.UP), taps);
      }
      gate = taps.at(scope, at.mlpPre(), gate);
      up = taps.at(scope, at.mlpPreLinear(), up);
      inner = scope.call("gated", gate, up, activation);
    } else {
      PtNDArray up = linear(scope, x, block.linear(Part.UP), taps);
      inner = scope.call("activate", taps.at(scope, at.mlpPre(), up), activation);
    }
    inner = taps.at(scope, at.mlpPost(), inner);
    return linear(scope, inner, block.linear(Part.DOWN), taps);
  }

  /** The norm before the unembedding. */
  PtNDArray finalNorm(Torch.Scope scope, PtNDArray residual, Taps taps) {
    return norm(
        scope, residual, Optional.of(tensors.finalNorm()), FINAL_SCALE, FINAL_NORMALIZED, taps);
  }

  /**
   * Logits of the next token.
   *
   * @param normed rows after {@link #finalNorm}
   * @return {@code [rows, vocabulary]}
   */
  PtNDArray logits(Torch.Scope scope, PtNDArray normed) {
    return scope.call("unembed", normed, tensors.head(), spec.logitScale(), spec.logitCap());
  }
}
