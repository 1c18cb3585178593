package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.Part;

/** A low-rank map beside attention (Menghani, Kumar, Kumar 2024). */
final class Laurel {
  private final NamedLinear down;
  private final NamedLinear up;
  private final Norm norm;

  Laurel(DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.down = NamedLinear.of(weights.linear(Part.LAUREL_DOWN, layer), kernel);
    this.up = NamedLinear.of(weights.linear(Part.LAUREL_UP, layer), kernel);
    this.norm = Norm.of(spec.width(), weights.norm(Part.LAUREL_NORM, layer).orElseThrow());
  }

  /**
   * {@code (middle + x + map(x)) / √2}.
   *
   * @param middle the residual stream with what attention has added
   * @param x what attention saw
   */
  float[] apply(float[] middle, float[] x, Observer observer) {
    float[] map = norm.apply(up.apply(down.apply(x, observer), observer));
    return Floats.times(Floats.sum(middle, Floats.sum(x, map)), (float) (1 / Math.sqrt(2)));
  }
}
