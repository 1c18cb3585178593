package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.AttentionSpec;
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
final class Transformer {
  /** The residual stream after the final norm. */
  private static final HookPoint FINAL_OUT = HookPoint.parse("ln_final.hook_out");

  private final DecoderSpec spec;
  private final float[] embedding;
  private final Optional<float[]> positions;
  private final Optional<AltUpEnds> altUp;
  private final Optional<OwnInputs> ownInputs;
  private final List<Block> blocks;
  private final Norm finalNorm;
  private final Optional<Norm> embeddingNorm;
  private final Optional<Linear> head;

  Transformer(DecoderSpec spec, DecoderWeights weights, Kernel kernel) {
    this.spec = spec;
    this.embedding = Floats.of(weights.embedding());
    this.positions = weights.positions().map(Floats::of);
    this.altUp = spec.altUp().map(a -> new AltUpEnds(spec, weights, kernel));
    this.ownInputs = spec.perLayer().map(p -> new OwnInputs(spec, weights, kernel));
    this.blocks =
        IntStream.range(0, spec.layers())
            .mapToObj(layer -> new Block(spec, weights, layer, kernel))
            .toList();
    this.embeddingNorm = weights.embeddingNorm().map(gain -> Norm.of(spec.width(), gain));
    this.finalNorm = Norm.of(spec.width(), weights.finalNorm());
    this.head = weights.head().map(stored -> unembedding(stored, kernel));
  }

  private Linear unembedding(DecoderWeights.Head stored, Kernel kernel) {
    float[] weight = stored.tied() ? embedding : Floats.of(stored.weight());
    return Linear.of(
        kernel, spec.width(), spec.vocabulary(), weight, stored.bias().map(Floats::of));
  }

  DecoderSpec spec() {
    return spec;
  }

  /** The streams before the first block. */
  Streams embed(int[] tokens, List<Run> runs, Observer observer) {
    float[] embedded = Floats.rows(embedding, spec.width(), tokens);
    for (int i = 0; i < embedded.length; i++) {
      embedded[i] *= (float) spec.embedding().scale();
    }
    embedded = embeddingNorm.isPresent() ? embeddingNorm.get().apply(embedded) : embedded;
    observer.see(HookPoint.EMBED, embedded);
    if (positions.isPresent()) {
      float[] placed = Floats.rows(positions.get(), spec.width(), positions(runs));
      observer.see(HookPoint.POSITION_EMBED, placed);
      embedded = Floats.sum(embedded, placed);
    }
    observer.see(0, "hook_resid_pre", embedded);
    float[] residual = embedded;
    return new Streams(
        residual,
        altUp.map(a -> a.others(residual)).orElse(List.of()),
        ownInputs.map(o -> o.of(tokens, residual)).orElse(List.of()));
  }

  private int[] positions(List<Run> runs) {
    int first = spec.embedding().firstPosition();
    return runs.stream()
        .flatMapToInt(run -> IntStream.range(run.past(), run.sequenceLength()))
        .map(position -> first + position)
        .toArray();
  }

  /** The streams after a block. */
  Streams block(int layer, Streams before, List<Run> runs, Observer observer) {
    return blocks.get(layer).apply(before, runs, observer);
  }

  /** What the final norm sees of the streams after the last block. */
  float[] last(Streams streams) {
    return altUp.map(a -> a.joined(streams)).orElse(streams.residual());
  }

  /** What the unembedding sees of the residual stream. */
  float[] finalNorm(float[] residual, Observer observer) {
    float[] normed = norm(finalNorm, "ln_final", residual, observer);
    observer.see(FINAL_OUT, normed);
    return normed;
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
    float[] logits = head.orElseThrow().apply(normed);
    double cap = spec.head().cap();
    for (int i = 0; i < logits.length; i++) {
      logits[i] *= (float) spec.head().scale();
      logits[i] = cap > 0 ? (float) (cap * Math.tanh(logits[i] / cap)) : logits[i];
    }
    return logits;
  }

  /** Whether tokens turn otherwise once their sequence has grown so long. */
  boolean turnsOtherwise(int before, int after) {
    return IntStream.range(0, spec.layers())
        .mapToObj(spec::attention)
        .flatMap(attention -> attention.flatMap(AttentionSpec::rotary).stream())
        .anyMatch(rotary -> rotary.variant(before) != rotary.variant(after));
  }
}
