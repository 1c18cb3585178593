package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.Activation;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;

/** How a block adds the input that it has of its own: {@code norm(out(f(gate x) · input))}. */
final class OwnInput {
  private final Activation activation;
  private final NamedLinear gate;
  private final NamedLinear output;
  private final Norm norm;

  OwnInput(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.activation = spec.perLayer().orElseThrow().activation();
    this.gate = NamedLinear.of(weights.linear(Part.PER_LAYER_GATE, layer), kernel);
    this.output = NamedLinear.of(weights.linear(Part.PER_LAYER_OUTPUT, layer), kernel);
    this.norm = Norm.of(spec.width(), weights.norm(Part.PER_LAYER_NORM, layer).orElseThrow());
  }

  /**
   * What is added.
   *
   * @param x {@code [tokens, d_model]}
   * @param input {@code [tokens, width]}
   */
  float[] apply(float[] x, float[] input, Observer observer) {
    float[] gates = Nonlinearity.apply(activation, gate.apply(x, observer));
    return norm.apply(output.apply(Floats.product(gates, input), observer));
  }
}
