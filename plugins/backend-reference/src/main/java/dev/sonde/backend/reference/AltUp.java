package dev.sonde.backend.reference;

import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.AltUpSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Alternating updates of one block (Baykal et al. 2023): all streams are predicted before the block
 * has run on the first of them, and corrected by what became of it.
 */
final class AltUp {
  private final int streams;
  private final int width;
  private final Norm routerNorm;
  private final Linear router;
  private final Linear prediction;
  private final Linear correction;
  private final Optional<float[]> scale;

  AltUp(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    AltUpSpec altUp = spec.altUp().orElseThrow();
    this.streams = altUp.streams();
    this.width = spec.width();
    this.routerNorm = Norm.of(width, weights.norm(Part.ALTUP_ROUTER_NORM, layer).orElseThrow());
    this.router = mixing(weights.streamMixing(Part.ALTUP_ROUTER, layer), kernel);
    this.prediction = mixing(weights.streamMixing(Part.ALTUP_PREDICTION, layer), kernel);
    this.correction = mixing(weights.streamMixing(Part.ALTUP_CORRECTION, layer), kernel);
    this.scale =
        altUp.scaled()
            ? Optional.of(Floats.of(weights.vector(Part.ALTUP_SCALE, layer, width)))
            : Optional.empty();
  }

  private static Linear mixing(Weight stored, Kernel kernel) {
    int out = Math.toIntExact(stored.shape().get(0));
    int in = Math.toIntExact(stored.shape().get(1));
    return Linear.of(kernel, in, out, Floats.of(stored), Optional.empty());
  }

  /**
   * {@code S_o + Σ_i c_oi S_i} of each stream o, where a token's c follow from its residual stream.
   */
  Streams predicted(Streams before) {
    List<float[]> all = all(before);
    float[] mixing = prediction.apply(modalities(before.residual()));
    List<float[]> predicted = new ArrayList<>();
    for (int out = 0; out < streams; out++) {
      float[] stream = all.get(out).clone();
      for (int in = 0; in < streams; in++) {
        float[] from = all.get(in);
        for (int i = 0; i < stream.length; i++) {
          stream[i] += mixing[(i / width * streams + out) * streams + in] * from[i];
        }
      }
      predicted.add(stream);
    }
    return before.residual(predicted.getFirst()).others(predicted.subList(1, streams));
  }

  /**
   * Each predicted stream moved by its share of what the block changed.
   *
   * @param activated the residual stream as the block leaves it
   */
  Streams corrected(Streams predicted, float[] activated) {
    List<float[]> all = all(predicted);
    float[] shares = correction.apply(modalities(activated));
    List<float[]> corrected = new ArrayList<>();
    for (int stream = 0; stream < streams; stream++) {
      float[] moved = all.get(stream).clone();
      for (int i = 0; i < moved.length; i++) {
        float share = shares[i / width * streams + stream] + 1;
        moved[i] += share * (activated[i] - predicted.residual()[i]);
      }
      corrected.add(moved);
    }
    return predicted.residual(corrected.getFirst()).others(corrected.subList(1, streams));
  }

  /** What gates the block's own input. */
  float[] scaled(float[] corrected) {
    float[] scaled = corrected.clone();
    scale.ifPresent(
        s -> {
          for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= s[i % width];
          }
        });
    return scaled;
  }

  private static List<float[]> all(Streams streams) {
    return Stream.concat(Stream.of(streams.residual()), streams.others().stream()).toList();
  }

  /** A number between −1 and 1 for each stream of each token. */
  private float[] modalities(float[] residual) {
    float[] routed = router.apply(Floats.times(routerNorm.apply(residual), 1f / width));
    for (int i = 0; i < routed.length; i++) {
      routed[i] = (float) Math.tanh(routed[i]);
    }
    return routed;
  }
}
