package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A decoder, top-down: embed, blocks, final norm, unembed. Activations are flat arrays {@code
 * [tokens, width]} over all tokens of some sequences that stand one behind the other; only
 * attention knows where one ends. What a family has not, its spec does not name.
 */
final class Decoder {
  private final DecoderSpec spec;
  private final float[] embedding;
  private final Optional<float[]> positions;
  private final List<Block> blocks;
  private final Norm finalNorm;
  private final Linear head;

  Decoder(DecoderSpec spec, DecoderWeights weights, Kernel kernel) {
    this.spec = spec;
    this.embedding = Floats.of(weights.embedding());
    this.positions = weights.positions().map(Floats::of);
    this.blocks =
        IntStream.range(0, spec.layers())
            .mapToObj(layer -> new Block(spec, weights, layer, kernel))
            .toList();
    this.finalNorm = Norm.of(spec.norm(), spec.width(), weights.finalNorm());
    float[] unembedding = spec.tiedHead() ? embedding : Floats.of(weights.head());
    this.head = Linear.of(kernel, spec.width(), spec.vocabulary(), unembedding, Optional.empty());
  }

  DecoderSpec spec() {
    return spec;
  }

  /** The residual stream before the first block. */
  float[] embed(int[] tokens, List<Run> runs, Observer observer) {
    float[] embedded = Floats.rows(embedding, spec.width(), tokens);
    for (int i = 0; i < embedded.length; i++) {
      embedded[i] *= (float) spec.embeddingScale();
    }
    observer.see(HookPoint.EMBED, embedded);
    if (positions.isPresent()) {
      float[] placed = Floats.rows(positions.get(), spec.width(), positions(runs));
      observer.see(HookPoint.POSITION_EMBED, placed);
      embedded = Floats.sum(embedded, placed);
    }
    observer.see(0, "hook_resid_pre", embedded);
    return embedded;
  }

  private static int[] positions(List<Run> runs) {
    return runs.stream()
        .flatMapToInt(run -> IntStream.range(run.past(), run.sequenceLength()))
        .toArray();
  }

  /** The residual stream after a block. */
  float[] block(int layer, float[] residual, List<Run> runs, Observer observer) {
    return blocks.get(layer).apply(residual, runs, observer);
  }

  /** What the unembedding sees of the residual stream. */
  float[] finalNorm(float[] residual, Observer observer) {
    return norm(finalNorm, "ln_final", residual, observer);
  }

  /** A norm, and what is seen inside it. */
  static float[] norm(Norm norm, String name, float[] x, Observer observer) {
    HookPoint scale = HookPoint.parse(name + ".hook_scale");
    if (observer.wants(scale)) {
      observer.see(scale, norm.scale(x));
    }
    float[] normalized = norm.normalized(x);
    observer.see(HookPoint.parse(name + ".hook_normalized"), normalized);
    return norm.gained(normalized);
  }

  /**
   * Logits of the next token, scaled and soft-capped.
   *
   * @param normed {@code [rows, d_model]} after the final norm
   * @return {@code [rows, vocabulary]}
   */
  float[] logits(float[] normed) {
    float[] logits = head.apply(normed);
    double cap = spec.logitCap();
    for (int i = 0; i < logits.length; i++) {
      logits[i] *= (float) spec.logitScale();
      logits[i] = cap > 0 ? (float) (cap * Math.tanh(logits[i] / cap)) : logits[i];
    }
    return logits;
  }

  /** Whether tokens turn otherwise once their sequence has grown so long. */
  boolean turnsOtherwise(int before, int after) {
    return spec.attention().rotary().stream()
        .flatMap(Optional::stream)
        .anyMatch(rotary -> rotary.variant(before) != rotary.variant(after));
  }
}
