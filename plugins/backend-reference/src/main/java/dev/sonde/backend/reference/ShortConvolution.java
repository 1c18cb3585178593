package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;
import java.util.List;

/** {@code out(c · conv(b · x))}, of b, c and x thirds of one linear (LFM2). */
final class ShortConvolution implements Mixer {
  private final int layer;
  private final NamedLinear input;
  private final Convolution convolution;
  private final NamedLinear output;

  ShortConvolution(DecoderWeights weights, int layer, Kernel kernel) {
    this.layer = layer;
    this.input = NamedLinear.of(weights.linear(Part.CONVOLUTION_INPUT, layer), kernel);
    this.convolution = Convolution.of(weights.convolution(layer));
    this.output = NamedLinear.of(weights.linear(Part.OUTPUT, layer), kernel);
  }

  @Override
  public float[] apply(float[] x, List<Run> runs, Observer observer) {
    int width = convolution.channels();
    float[] thirds = input.apply(x, observer);
    float[] b = Floats.columns(thirds, 3 * width, 0, width);
    float[] c = Floats.columns(thirds, 3 * width, width, 2 * width);
    float[] gated = Floats.product(b, Floats.columns(thirds, 3 * width, 2 * width, 3 * width));
    KeyValues own = new KeyValues(width, 0, gated, new float[0]);
    float[] mixed = new float[gated.length];
    for (Run run : runs) {
      float[] all = run.seen(layer, own).keys();
      float[] seen = convolution.apply(all, run.sequenceLength(), run.past());
      System.arraycopy(seen, 0, mixed, run.start() * width, seen.length);
    }
    return output.apply(Floats.product(c, mixed), observer);
  }
}
