package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderSpec.Fusion;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.stream.Stream;

/** Queries, keys and values of tokens, by a linear each or by one for all. */
final class Projections {
  private final DecoderSpec.Attention attention;
  private final List<NamedLinear> linears;

  /**
   * Queries, keys and values.
   *
   * @param queries {@code [tokens, heads, d_head]}
   * @param keys {@code [tokens, key-value heads, d_head]}
   * @param values likewise
   */
  record Heads(float[] queries, float[] keys, float[] values) {}

  Projections(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.attention = spec.attention();
    this.linears =
        Stream.of(Part.QUERY, Part.KEY, Part.VALUE, Part.QUERY_KEY_VALUE)
            .filter(spec::has)
            .map(part -> NamedLinear.of(weights.linear(part, layer), kernel))
            .toList();
  }

  Heads apply(float[] x, Observer observer) {
    List<float[]> given = linears.stream().map(l -> l.apply(x, observer)).toList();
    return given.size() == 1
        ? split(given.getFirst())
        : new Heads(given.get(0), given.get(1), given.get(2));
  }

  private Heads split(float[] fused) {
    return attention.fusion() == Fusion.BY_HEAD
        ? split(fused, attention.headWidth(), attention.headWidth())
        : split(fused, attention.queryWidth(), attention.keyWidth());
  }

  /** Each row is so many numbers of queries, then so many of keys, then as many of values. */
  private static Heads split(float[] rows, int queries, int keys) {
    int width = queries + 2 * keys;
    return new Heads(
        Floats.columns(rows, width, 0, queries),
        Floats.columns(rows, width, queries, queries + keys),
        Floats.columns(rows, width, queries + keys, width));
  }
}
