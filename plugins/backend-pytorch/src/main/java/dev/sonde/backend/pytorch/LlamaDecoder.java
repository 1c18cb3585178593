package dev.sonde.backend.pytorch;

import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.DecoderSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The Llama decoder, top-down. Activations are {@code [tokens, width]} over all tokens of some
 * sequences that stand one behind the other; only attention knows where one ends.
 */
final class LlamaDecoder {
  private final DecoderSpec spec;
  private final LlamaWeights weights;
  private final MemorySegment cosines;
  private final MemorySegment sines;
  private final PtNDArray cos;
  private final PtNDArray sin;

  /** Is shown the activations at every hook point that is passed, {@code [tokens, width]}. */
  interface Observer {
    void see(HookPoint point, PtNDArray activations);
  }

  /** How the queries of some tokens meet the keys and values they may see. */
  interface Attention {
    /**
     * Mixes values.
     *
     * @param q {@code [tokens, heads, d_head]}, rotated
     * @param k {@code [tokens, key-value heads, d_head]}, rotated
     * @param v like k
     * @return {@code [tokens, heads · d_head]}
     */
    PtNDArray mix(Torch.Scope scope, int layer, PtNDArray q, PtNDArray k, PtNDArray v);
  }

  LlamaDecoder(DecoderSpec spec, LlamaWeights weights, Torch.Scope scope) {
    this.spec = spec;
    this.weights = weights;
    float[] frequencies = spec.rotaryFrequencies();
    int planes = frequencies.length;
    long bytes = 2L * planes * spec.longestContext() * Float.BYTES;
    this.cosines = Arena.ofAuto().allocate(bytes, Float.BYTES);
    this.sines = Arena.ofAuto().allocate(bytes, Float.BYTES);
    for (int position = 0; position < spec.longestContext(); position++) {
      for (int c = 0; c < 2 * planes; c++) {
        float angle = position * frequencies[c % planes];
        long cell = 2L * planes * position + c;
        cosines.setAtIndex(ValueLayout.JAVA_FLOAT, cell, (float) Math.cos(angle));
        sines.setAtIndex(ValueLayout.JAVA_FLOAT, cell, (float) Math.sin(angle));
      }
    }
    this.cos = scope.view(cosines, DataType.FLOAT32, spec.longestContext(), 2L * planes);
    this.sin = scope.view(sines, DataType.FLOAT32, spec.longestContext(), 2L * planes);
  }

  /** The embeddings of some tokens. */
  PtNDArray embed(Torch.Scope scope, PtNDArray tokens) {
    return scope.call("embed", tokens, weights.embedding());
  }

  /**
   * Runs one block.
   *
   * @param positions per token its position in its sequence
   * @return the residual stream after it, in the given scope
   */
  PtNDArray block(
      Torch.Scope scope,
      int layer,
      PtNDArray residual,
      PtNDArray positions,
      Attention attention,
      Observer observer) {
    try (Torch.Scope inner = scope.inner()) {
      if (layer == 0) {
        observer.see(HookPoint.of(0, "hook_resid_pre"), residual);
      }
      PtNDArray attended = attend(inner, layer, residual, positions, attention);
      observer.see(HookPoint.of(layer, "hook_attn_out"), attended);
      PtNDArray middle = inner.call("add", residual, attended);
      observer.see(HookPoint.of(layer, "hook_resid_mid"), middle);
      PtNDArray mlp = mlp(inner, layer, middle);
      observer.see(HookPoint.of(layer, "hook_mlp_out"), mlp);
      PtNDArray after = inner.call("add", middle, mlp);
      observer.see(HookPoint.of(layer, HookPoint.RESID_POST), after);
      return scope.keep(after);
    }
  }

  private PtNDArray norm(Torch.Scope scope, PtNDArray x, PtNDArray gain) {
    return scope.call("rms_norm", x, gain, spec.normEpsilon());
  }

  private PtNDArray attend(
      Torch.Scope scope, int layer, PtNDArray residual, PtNDArray positions, Attention attention) {
    LlamaWeights.Block block = weights.block(layer);
    PtNDArray x = norm(scope, residual, block.inputNorm());
    PtNDArray q = heads(scope, scope.call("linear", x, block.query()), spec.heads());
    PtNDArray k = heads(scope, scope.call("linear", x, block.key()), spec.keyValueHeads());
    PtNDArray v = heads(scope, scope.call("linear", x, block.value()), spec.keyValueHeads());
    PtNDArray z =
        attention.mix(
            scope,
            layer,
            scope.call("rotate", q, cos, sin, positions),
            scope.call("rotate", k, cos, sin, positions),
            v);
    return scope.call("linear", z, block.output());
  }

  private static PtNDArray heads(Torch.Scope scope, PtNDArray projected, int count) {
    return scope.call("heads", projected, count);
  }

  private PtNDArray mlp(Torch.Scope scope, int layer, PtNDArray residual) {
    LlamaWeights.Block block = weights.block(layer);
    PtNDArray x = norm(scope, residual, block.postAttentionNorm());
    PtNDArray gate = scope.call("linear", x, block.gate());
    PtNDArray up = scope.call("linear", x, block.up());
    return scope.call("linear", scope.call("gated", gate, up), block.down());
  }

  /** Log-probabilities of the next token, {@code [rows, vocabulary]}, in nats. */
  PtNDArray logProbabilities(Torch.Scope scope, PtNDArray residual) {
    PtNDArray x = norm(scope, residual, weights.finalNorm());
    return scope.call("log_probabilities", scope.call("linear", x, weights.head()));
  }
}
