package dev.sonde.backend.reference;

import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.DecoderWeights;
import dev.sonde.formats.huggingface.ExpertsSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The expert that all tokens go through, of which each may take a share. */
final class SharedExpert {
  private final ExpertsSpec experts;
  private final List<NamedLinear> up;
  private final NamedLinear down;
  private final Optional<NamedLinear> share;

  SharedExpert(
      ExpertsSpec experts, DecoderSpec spec, DecoderWeights weights, int layer, Kernel kernel) {
    this.experts = experts;
    this.up =
        Stream.of(Part.SHARED_GATE, Part.SHARED_UP, Part.SHARED_GATE_UP)
            .filter(part -> spec.has(part, layer))
            .map(part -> NamedLinear.of(weights.linear(part, layer), kernel))
            .toList();
    this.down = NamedLinear.of(weights.linear(Part.SHARED_DOWN, layer), kernel);
    this.share =
        spec.has(Part.SHARED_SHARE, layer)
            ? Optional.of(NamedLinear.of(weights.linear(Part.SHARED_SHARE, layer), kernel))
            : Optional.empty();
  }

  float[] apply(float[] x, Observer observer) {
    List<float[]> given = up.stream().map(l -> l.apply(x, observer)).toList();
    int width = experts.shared();
    boolean fused = given.size() == 1;
    float[] first = given.getFirst();
    float[] gate = fused ? Floats.columns(first, 2 * width, 0, width) : first;
    float[] straight = fused ? Floats.columns(first, 2 * width, width, 2 * width) : given.get(1);
    float[] inner = Floats.product(Nonlinearity.apply(experts.activation(), gate), straight);
    float[] y = down.apply(inner, observer);
    if (share.isPresent()) {
      float[] logits = share.get().apply(x, observer);
      int each = y.length / logits.length;
      for (int i = 0; i < y.length; i++) {
        y[i] *= (float) Nonlinearity.sigmoid(logits[i / each]);
      }
    }
    return y;
  }
}
