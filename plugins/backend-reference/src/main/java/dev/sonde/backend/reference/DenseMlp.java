package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.DenseSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.stream.Stream;

/** {@code down(f(gate x) · up x)} where there is a gate, else {@code down(f(up x))}. */
final class DenseMlp implements Mlp {
  private final int layer;
  private final int width;
  private final Curve curve;
  private final DenseSpec dense;
  private final List<NamedLinear> up;
  private final boolean fused;
  private final NamedLinear down;

  DenseMlp(DenseSpec dense, DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.layer = layer;
    this.width = spec.block(layer).mlp().width();
    this.dense = dense;
    this.curve = Curve.of(spec, weights, layer);
    this.up =
        Stream.of(Part.GATE, Part.UP, Part.GATE_UP)
            .filter(part -> spec.has(part, layer))
            .map(part -> NamedLinear.of(weights.linear(part, layer), kernel))
            .toList();
    this.fused = spec.has(Part.GATE_UP, layer);
    this.down = NamedLinear.of(weights.linear(Part.DOWN, layer), kernel);
  }

  @Override
  public float[] apply(float[] x, float[] residual, Observer observer) {
    List<float[]> branches = up.stream().map(l -> l.apply(x, observer)).toList();
    float[] inner = inner(fused ? halves(branches.getFirst()) : branches, observer);
    observer.see(layer, "mlp.hook_post", inner);
    return down.apply(inner, observer);
  }

  private List<float[]> halves(float[] gateAndUp) {
    return List.of(
        Floats.columns(gateAndUp, 2 * width, 0, width),
        Floats.columns(gateAndUp, 2 * width, width, 2 * width));
  }

  /** What each token's gates are above their mean by so many standard deviations, or 0. */
  private float[] cut(float[] gates) {
    float[] cut = new float[gates.length];
    for (int row = 0; row < gates.length; row += width) {
      double sum = 0;
      for (int i = row; i < row + width; i++) {
        sum += gates[i];
      }
      double mean = sum / width;
      double squares = 0;
      for (int i = row; i < row + width; i++) {
        squares += (gates[i] - mean) * (gates[i] - mean);
      }
      double least = mean + dense.cut() * Math.sqrt(squares / width);
      for (int i = row; i < row + width; i++) {
        cut[i] = (float) Math.max(0, gates[i] - least);
      }
    }
    return cut;
  }

  private float[] inner(List<float[]> branches, Observer observer) {
    float[] bent = branches.getFirst();
    observer.see(layer, "mlp.hook_pre", bent);
    float[] inner = curve.apply(dense.isCut() ? cut(bent) : bent);
    if (branches.size() > 1) {
      float[] straight = branches.getLast();
      observer.see(layer, "mlp.hook_pre_linear", straight);
      for (int i = 0; i < inner.length; i++) {
        inner[i] *= straight[i];
      }
    }
    return inner;
  }
}
