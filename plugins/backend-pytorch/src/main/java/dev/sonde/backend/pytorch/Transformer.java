package dev.sonde.backend.pytorch;

import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
import dev.sonde.backend.pytorch.Parameters.Block;
import dev.sonde.formats.huggingface.BlockSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A decoder, top-down. Activations are {@code [tokens, width]} over all tokens of some sequences
 * that stand one behind the other; only mixers know where one ends. What a family has not, its spec
 * does not name.
 */
final class Transformer {
  /** The residual stream before the unembedding, over its norm's scale. */
  static final HookPoint FINAL_SCALE = HookPoint.parse("ln_final.hook_scale");

  static final HookPoint FINAL_NORMALIZED = HookPoint.parse("ln_final.hook_normalized");

  /** The residual stream after the final norm. */
  static final HookPoint FINAL_OUT = HookPoint.parse("ln_final.hook_out");

  private final DecoderSpec spec;
  private final Parameters tensors;
  private final List<Sites> sites;
  private final List<Mixer> mixers;
  private final List<FeedForward> mlps;
  private final Optional<AlternatingUpdates> updates;
  private final Optional<BlockInputs> inputs;

  Transformer(DecoderSpec spec, Parameters tensors) {
    this.spec = spec;
    this.tensors = tensors;
    this.sites = IntStream.range(0, spec.layers()).mapToObj(Sites::of).toList();
    this.mixers = IntStream.range(0, spec.layers()).mapToObj(l -> Mixer.of(spec, l)).toList();
    this.mlps =
        IntStream.range(0, spec.layers())
            .mapToObj(l -> new FeedForward(spec.block(l).mlp(), l))
            .toList();
    this.updates = AlternatingUpdates.of(spec.altUp(), tensors);
    this.inputs = BlockInputs.of(spec, tensors);
  }

  DecoderSpec spec() {
    return spec;
  }

  /** The streams before the first block. */
  StreamTensors embed(Torch.Scope scope, int[] ids, Tokens tokens, Taps taps) {
    PtNDArray embedded =
        scope.call("embed", scope.integers(ids), tensors.embedding(), spec.embedding().scale());
    embedded = Layers.norm(scope, embedded, tensors.embeddingNorm());
    embedded = taps.at(scope, HookPoint.EMBED, embedded);
    if (tensors.positions().isPresent()) {
      PtNDArray places =
          scope.call("embed", tokens.positions(scope), tensors.positions().get(), 1.0);
      places = taps.at(scope, HookPoint.POSITION_EMBED, places);
      embedded = scope.call("add", embedded, places);
    }
    PtNDArray begun = embedded;
    return new StreamTensors(
        taps.at(scope, sites.getFirst().residPre(), begun),
        updates.map(u -> u.others(scope, begun)),
        inputs.map(i -> i.of(scope, ids, begun)));
  }

  /** A pass that begins at a block: only where the residual stream is all that blocks hand on. */
  StreamTensors from(PtNDArray residual) {
    return new StreamTensors(residual, Optional.empty(), Optional.empty());
  }

  /**
   * Runs the first blocks one after the other, each one's streams freed behind the next.
   *
   * @return what the final norm sees of the streams after the last of them, in the given scope
   */
  PtNDArray run(Torch.Scope scope, int[] ids, Tokens tokens, Taps taps, int blocks) {
    StreamTensors streams = embed(scope, ids, tokens, taps);
    for (int layer = 0; layer < blocks; layer++) {
      StreamTensors after = block(scope, layer, streams, tokens, taps);
      streams.close();
      streams = after;
    }
    return last(scope, streams);
  }

  /** What the final norm sees of the streams after the last block. */
  PtNDArray last(Torch.Scope scope, StreamTensors streams) {
    return updates.map(u -> u.joined(scope, streams)).orElse(streams.residual());
  }

  /**
   * Runs one block.
   *
   * @return the streams after it, in the given scope
   */
  StreamTensors block(
      Torch.Scope scope, int layer, StreamTensors before, Tokens tokens, Taps taps) {
    Block block = tensors.block(layer);
    try (Torch.Scope inner = scope.inner()) {
      StreamTensors predicted = updates.map(u -> u.predicted(inner, before, block)).orElse(before);
      PtNDArray sum = subLayers(inner, layer, predicted.residual(), tokens, taps);
      StreamTensors after =
          updates
              .map(u -> u.corrected(inner, predicted, sum, block))
              .orElseGet(() -> predicted.residual(sum));
      after = withOwnInput(inner, layer, after, taps);
      PtNDArray residual = after.residual();
      if (block.vector(Part.BLOCK_SCALE).isPresent()) {
        residual = inner.call("times", residual, block.vector(Part.BLOCK_SCALE).get());
      }
      residual = taps.at(inner, sites.get(layer).residPost(), residual);
      return after.residual(residual).keptBy(scope);
    }
  }

  /** A block's own input is added to the residual stream, or to the others where there are any. */
  private StreamTensors withOwnInput(
      Torch.Scope scope, int layer, StreamTensors streams, Taps taps) {
    if (inputs.isEmpty()) {
      return streams;
    }
    Block block = tensors.block(layer);
    PtNDArray residual = streams.residual();
    PtNDArray gating = updates.map(u -> u.scaled(scope, residual, block)).orElse(residual);
    PtNDArray all = streams.blockInputs().orElseThrow();
    PtNDArray added = inputs.get().added(scope, gating, all, layer, block, taps);
    return updates.isPresent()
        ? streams.others(scope.call("add", streams.others().orElseThrow(), added))
        : streams.residual(scope.call("add", residual, added));
  }

  /** The residual stream with what mixer and MLP add. */
  private PtNDArray subLayers(
      Torch.Scope inner, int layer, PtNDArray residual, Tokens tokens, Taps taps) {
    Sites at = sites.get(layer);
    Block block = tensors.block(layer);
    BlockSpec how = spec.block(layer);
    PtNDArray x = taps.at(inner, at.attentionIn(), residual);
    x =
        Layers.norm(
            inner,
            x,
            block.norm(Part.ATTENTION_NORM),
            at.attentionScale(),
            at.attentionNormalized(),
            taps);
    PtNDArray attended = mixers.get(layer).apply(inner, x, block, tokens, taps);
    if (taps.enough()) {
      return residual;
    }
    attended = added(inner, attended, how, block, Part.ATTENTION_POST_NORM);
    attended = taps.at(inner, at.attentionOut(), attended);
    if (how.parallel()) {
      boolean shared = block.norm(Part.MLP_NORM).isEmpty();
      PtNDArray y =
          shared && !taps.wants(at.mlpIn())
              ? x
              : mlpNorm(inner, at, how, block, taps.at(inner, at.mlpIn(), residual), taps);
      PtNDArray mlp = mlps.get(layer).apply(inner, y, residual, block, taps);
      mlp = added(inner, mlp, how, block, Part.MLP_POST_NORM);
      mlp = taps.at(inner, at.mlpOut(), mlp);
      return inner.call("add_to", inner.call("add", residual, attended), mlp);
    }
    PtNDArray middle = inner.call("add", residual, attended);
    middle = LowRankPath.beside(inner, middle, x, block, taps);
    middle = taps.at(inner, at.residMid(), middle);
    PtNDArray seen = taps.at(inner, at.mlpIn(), middle);
    PtNDArray y = mlpNorm(inner, at, how, block, seen, taps);
    PtNDArray mlp = mlps.get(layer).apply(inner, y, seen, block, taps);
    mlp = added(inner, mlp, how, block, Part.MLP_POST_NORM);
    mlp = taps.at(inner, at.mlpOut(), mlp);
    return inner.call("add", middle, mlp);
  }

  /** What a sub-layer adds to the stream: normed and scaled where the family does. */
  private static PtNDArray added(
      Torch.Scope scope, PtNDArray x, BlockSpec how, Block block, Part norm) {
    PtNDArray normed = Layers.norm(scope, x, block.norm(norm));
    return how.residualScale() == 1 ? normed : scope.call("scaled", normed, how.residualScale());
  }

  private static PtNDArray mlpNorm(
      Torch.Scope scope, Sites at, BlockSpec how, Block block, PtNDArray residual, Taps taps) {
    if (how.parallel() && block.norm(Part.MLP_NORM).isEmpty()) {
      return Layers.norm(scope, residual, block.norm(Part.ATTENTION_NORM));
    }
    return Layers.norm(
        scope, residual, block.norm(Part.MLP_NORM), at.mlpScale(), at.mlpNormalized(), taps);
  }

  /** The norm before the unembedding. */
  PtNDArray finalNorm(Torch.Scope scope, PtNDArray residual, Taps taps) {
    PtNDArray normed =
        Layers.norm(
            scope, residual, Optional.of(tensors.finalNorm()), FINAL_SCALE, FINAL_NORMALIZED, taps);
    return taps.at(scope, FINAL_OUT, normed);
  }

  /**
   * Logits of the next token.
   *
   * @param normed rows after {@link #finalNorm}
   * @return {@code [rows, vocabulary]}
   */
  PtNDArray logits(Torch.Scope scope, PtNDArray normed) {
    Parameters.Head head = tensors.head().orElseThrow();
    double scale = spec.head().scale();
    double cap = spec.head().cap();
    return head.bias().isPresent()
        ? scope.call("unembed_biased", normed, head.weight(), head.bias().get(), scale, cap)
        : scope.call("unembed", normed, head.weight(), scale, cap);
  }
}
