package dev.sonde.backend.reference;

import dev.sonde.api.model.Attention;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.stream.IntStream;

/** A spec's attention as the api describes it. */
final class AttentionOf {
  private AttentionOf() {}

  static List<Attention> blocks(DecoderSpec spec) {
    return IntStream.range(0, spec.layers()).mapToObj(layer -> block(spec, layer)).toList();
  }

  private static Attention block(DecoderSpec spec, int layer) {
    DecoderSpec.Attention attention = spec.attention();
    Attention.Builder block =
        Attention.scaledBy(attention.scale(layer))
            .softCap(attention.cap())
            .window(attention.windows().get(layer))
            .sinks(spec.has(Part.SINKS));
    attention
        .rotary()
        .get(layer)
        .ifPresent(
            rotary ->
                block.rotary(
                    new Attention.Rotary(
                        rotary.frequencies(1),
                        rotary.interleaved(),
                        rotary.magnitude(),
                        rotary.variant(1))));
    return block.build();
  }
}
