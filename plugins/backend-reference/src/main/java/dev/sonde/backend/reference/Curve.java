package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.Activation;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;

/**
 * The non-linearity of one block, with its trained numbers where it has any.
 *
 * @param above of {@link Activation#XIELU}, for positive inputs
 * @param below for negative ones
 */
record Curve(Activation kind, double above, double below) {
  static Curve of(DecoderSpec spec, DecoderWeights weights, int layer) {
    Activation kind = spec.block(layer).mlp().activation();
    if (kind != Activation.XIELU) {
      return new Curve(kind, 0, 0);
    }
    float above = Floats.of(weights.vector(Part.CURVE_ABOVE, layer, 1))[0];
    float below = Floats.of(weights.vector(Part.CURVE_BELOW, layer, 1))[0];
    return new Curve(
        kind, Math.log1p(Math.exp(above)), Nonlinearity.XIELU_SLOPE + Math.log1p(Math.exp(below)));
  }

  float[] apply(float[] x) {
    if (kind != Activation.XIELU) {
      return Nonlinearity.apply(kind, x);
    }
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (float) Nonlinearity.xielu(x[i], above, below);
    }
    return y;
  }
}
