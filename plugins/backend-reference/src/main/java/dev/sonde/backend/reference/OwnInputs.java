package dev.sonde.backend.reference;

import dev.sonde.formats.Weight;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.PerLayerSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The inputs that blocks have of their own: a token's rows of a table, and what its embedding
 * becomes by one linear, normed block by block. The table may be larger than the rest of the model
 * and stays in its file.
 */
final class OwnInputs {
  private final PerLayerSpec spec;
  private final int blocks;
  private final int modelWidth;
  private final Weight table;
  private final Linear projection;
  private final Norm norm;

  OwnInputs(DecoderSpec decoder, DecoderWeights weights, Kernel kernel) {
    this.spec = decoder.perLayer().orElseThrow();
    this.blocks = decoder.layers();
    this.modelWidth = decoder.width();
    this.table = weights.perLayerEmbedding();
    this.projection =
        Linear.of(
            kernel,
            modelWidth,
            blocks * spec.width(),
            Floats.of(weights.perLayerProjection()),
            Optional.empty());
    this.norm = Norm.of(spec.width(), weights.perLayerNorm());
  }

  /** The inputs of some tokens, block by block. */
  List<float[]> of(int[] tokens, float[] embedded) {
    float[] scaled = Floats.times(projection.apply(embedded), (float) (1 / Math.sqrt(modelWidth)));
    float[] projected = norm.apply(scaled);
    int row = blocks * spec.width();
    float rootWidth = (float) Math.sqrt(spec.width());
    float half = (float) (1 / Math.sqrt(2));
    for (int token = 0; token < tokens.length; token++) {
      int id = tokens[token] < spec.vocabulary() ? tokens[token] : 0;
      float[] looked = Floats.of(table, (long) id * row, row);
      for (int i = 0; i < row; i++) {
        projected[token * row + i] = (projected[token * row + i] + looked[i] * rootWidth) * half;
      }
    }
    return IntStream.range(0, blocks)
        .mapToObj(b -> Floats.columns(projected, row, b * spec.width(), (b + 1) * spec.width()))
        .toList();
  }
}
