package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.AttentionSpec.Fusion;
import dev.sonde.formats.huggingface.AttentionSpec.Gate;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Queries, keys and values by a linear each, by one for all, or keys that are values. */
final class LinearProjection implements Projection {
  private final AttentionSpec attention;
  private final List<NamedLinear> linears;
  private final boolean fused;

  LinearProjection(
      AttentionSpec attention, DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.attention = attention;
    this.fused = spec.has(Part.QUERY_KEY_VALUE, layer);
    this.linears =
        Stream.of(Part.QUERY, Part.KEY, Part.VALUE, Part.QUERY_KEY_VALUE)
            .filter(part -> spec.has(part, layer))
            .map(part -> NamedLinear.of(weights.linear(part, layer), kernel))
            .toList();
  }

  @Override
  public Heads apply(float[] x, Observer observer) {
    List<float[]> given = linears.stream().map(l -> l.apply(x, observer)).toList();
    if (fused) {
      return split(given.getFirst());
    }
    float[] queries = given.get(0);
    Optional<float[]> gates = Optional.empty();
    if (attention.gate() == Gate.BESIDE_QUERY) {
      int width = attention.headWidth();
      gates = Optional.of(Floats.columns(queries, 2 * width, width, 2 * width));
      queries = Floats.columns(queries, 2 * width, 0, width);
    }
    if (attention.keysOf().isPresent()) {
      return new Heads(queries, new float[0], new float[0], gates);
    }
    float[] values = given.get(given.size() - 1); // keys are values where there is no third linear
    return new Heads(queries, given.get(1), values, gates);
  }

  private Heads split(float[] fused) {
    int shared = attention.heads() / attention.keyValueHeads();
    return attention.fusion() == Fusion.BY_HEAD
        ? split(fused, shared * attention.headWidth(), attention.headWidth())
        : split(fused, attention.queriesWidth(), attention.keysWidth());
  }

  /** Each row is so many numbers of queries, then so many of keys, then as many of values. */
  private static Heads split(float[] rows, int queries, int keys) {
    int width = queries + 2 * keys;
    return new Heads(
        Floats.columns(rows, width, 0, queries),
        Floats.columns(rows, width, queries, queries + keys),
        Floats.columns(rows, width, queries + keys, width),
        Optional.empty());
  }
}
