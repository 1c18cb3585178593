package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.DeltaNetSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a delta net takes of each token, by two linears ordered by key head or by four plain ones.
 */
final class DeltaInputs {
  private final DeltaNetSpec net;
  private final List<NamedLinear> linears;

  /**
   * The inputs of some tokens.
   *
   * @param mixed queries, keys and values before the convolution, {@code [tokens, mixed]}
   * @param gates {@code [tokens, value heads, d_value]}
   * @param rates logits of writing, then of fading, {@code [tokens, 2 · value heads]}
   */
  record Given(float[] mixed, float[] gates, float[] rates) {}

  DeltaInputs(DeltaNetSpec net, DecoderWeights weights, int layer, Kernel kernel) {
    this.net = net;
    Stream<Part> parts =
        net.grouped()
            ? Stream.of(Part.DELTA_INPUT, Part.DELTA_RATES)
            : Stream.of(Part.DELTA_INPUT, Part.DELTA_GATE, Part.DELTA_WRITE, Part.DELTA_FADE);
    this.linears = parts.map(p -> NamedLinear.of(weights.linear(p, layer), kernel)).toList();
  }

  Given of(float[] x, Observer observer) {
    List<float[]> given = linears.stream().map(l -> l.apply(x, observer)).toList();
    if (!net.grouped()) {
      return new Given(
          given.get(0),
          given.get(1),
          Floats.beside(given.get(2), given.get(3), net.valueHeads(), net.valueHeads()));
    }
    int shared = net.valueHeads() / net.keyHeads();
    int key = net.keyWidth();
    int values = shared * net.valueWidth();
    int each = 2 * key + 2 * values;
    float[] all = given.get(0);
    float[] queries = Floats.columns(all, each, 0, key);
    float[] keys = Floats.columns(all, each, key, 2 * key);
    float[] value = Floats.columns(all, each, 2 * key, 2 * key + values);
    float[] mixed =
        Floats.beside(
            Floats.beside(queries, keys, net.keysWidth(), net.keysWidth()),
            value,
            2 * net.keysWidth(),
            net.valuesWidth());
    float[] rates = given.get(1);
    return new Given(
        mixed,
        Floats.columns(all, each, 2 * key + values, each),
        Floats.beside(
            Floats.columns(rates, 2 * shared, 0, shared),
            Floats.columns(rates, 2 * shared, shared, 2 * shared),
            net.valueHeads(),
            net.valueHeads()));
  }
}
