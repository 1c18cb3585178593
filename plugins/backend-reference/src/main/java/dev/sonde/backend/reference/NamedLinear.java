package dev.sonde.backend.reference;

import dev.sonde.api.model.HookPoint;
import dev.sonde.formats.huggingface.DecoderWeights;

/**
 * A linear map of a block, whose inputs and outputs are hook points.
 *
 * @param module its Hugging Face name
 */
record NamedLinear(String module, Linear linear) {

  static NamedLinear of(DecoderWeights.Linear stored, Kernel kernel) {
    return new NamedLinear(
        stored.module(),
        Linear.of(
            kernel,
            stored.in(),
            stored.out(),
            Floats.of(stored.weight()),
            stored.bias().map(Floats::of)));
  }

  /** Applies the map to {@code [tokens, in]}. */
  float[] apply(float[] x, Observer observer) {
    observer.see(HookPoint.linearIn(module), x);
    float[] y = linear.apply(x);
    observer.see(HookPoint.linearOut(module), y);
    return y;
  }
}
