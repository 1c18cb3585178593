package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.AttentionSpec.Latent;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.Optional;

/**
 * Keys and values of every head made of one narrow vector a token, and one rotated key that all
 * heads share (multi-head latent attention).
 */
final class LatentProjection implements Projection {
  private final AttentionSpec attention;
  private final Latent latent;
  private final Optional<NamedLinear> queryDown;
  private final Optional<Norm> queryNorm;
  private final NamedLinear query;
  private final NamedLinear keyValueDown;
  private final Norm keyValueNorm;
  private final NamedLinear keyValue;

  LatentProjection(AttentionSpec attention, DecoderWeights weights, int layer, Kernel kernel) {
    this.attention = attention;
    this.latent = attention.latent().orElseThrow();
    this.queryDown =
        latent.queryRank() > 0
            ? Optional.of(NamedLinear.of(weights.linear(Part.QUERY_DOWN, layer), kernel))
            : Optional.empty();
    this.queryNorm =
        weights.narrowNorm(Part.QUERY_DOWN_NORM, layer).map(g -> Norm.of(latent.queryRank(), g));
    this.query = NamedLinear.of(weights.linear(Part.QUERY, layer), kernel);
    this.keyValueDown = NamedLinear.of(weights.linear(Part.KEY_VALUE_DOWN, layer), kernel);
    this.keyValueNorm =
        Norm.of(
            latent.keyValueRank(),
            weights.narrowNorm(Part.KEY_VALUE_DOWN_NORM, layer).orElseThrow());
    this.keyValue = NamedLinear.of(weights.linear(Part.KEY_VALUE, layer), kernel);
  }

  @Override
  public Heads apply(float[] x, Observer observer) {
    float[] narrow = x;
    if (queryDown.isPresent()) {
      narrow = queryNorm.orElseThrow().apply(queryDown.get().apply(x, observer));
    }
    float[] queries = query.apply(narrow, observer);
    float[] down = keyValueDown.apply(x, observer);
    int rank = latent.keyValueRank();
    int plain = latent.plainWidth();
    int turning = attention.headWidth() - plain;
    float[] shared = Floats.columns(down, rank + turning, rank, rank + turning);
    float[] both =
        keyValue.apply(keyValueNorm.apply(Floats.columns(down, rank + turning, 0, rank)), observer);
    int each = plain + attention.valueWidth();
    float[] keys = keys(Floats.columns(both, each, 0, plain), shared, plain, turning);
    return new Heads(queries, keys, Floats.columns(both, each, plain, each), Optional.empty());
  }

  /** Behind each head's own numbers those that all heads share. */
  private float[] keys(float[] own, float[] shared, int plain, int turning) {
    int width = plain + turning;
    int rows = own.length / plain;
    float[] keys = new float[rows * width];
    for (int row = 0; row < rows; row++) {
      int token = row / attention.heads();
      System.arraycopy(own, row * plain, keys, row * width, plain);
      System.arraycopy(shared, token * turning, keys, row * width + plain, turning);
    }
    return keys;
  }
}
