package dev.sonde.packing.folder;

import dev.sonde.api.model.Attention;
import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A spec's attention as the api describes it. */
final class AttentionOf {
  private AttentionOf() {}

  /** One per block; none where a block makes scores in a way that the api has no words for. */
  static List<Attention> blocks(DecoderSpec spec) {
    List<Attention> said =
        IntStream.range(0, spec.layers())
            .mapToObj(layer -> block(spec, layer))
            .flatMap(Optional::stream)
            .toList();
    return said.size() == spec.layers() && alike(spec) ? said : List.of();
  }

  /** Whether all blocks have the same heads. */
  private static boolean alike(DecoderSpec spec) {
    return IntStream.range(0, spec.layers())
            .mapToObj(layer -> spec.attention(layer).orElseThrow())
            .map(a -> List.of(a.heads(), a.keyValueHeads(), a.headWidth()))
            .distinct()
            .count()
        == 1;
  }

  private static Optional<Attention> block(DecoderSpec spec, int layer) {
    return spec.attention(layer)
        .filter(AttentionOf::isUsual)
        .map(
            attention -> {
              Attention block =
                  Attention.scaledBy(attention.scale())
                      .softCap(attention.cap())
                      .window(attention.sight().window())
                      .sinks(spec.has(Part.SINKS, layer));
              return attention
                  .rotary()
                  .map(
                      rotary ->
                          block.rotary(
                              new Attention.Rotary(
                                  rotary.frequencies(1),
                                  rotary.interleaved(),
                                  rotary.magnitude(),
                                  rotary.variant(1))))
                  .orElse(block);
            });
  }

  /** Whether scores are those of queries and keys as they are before rotation, and no others. */
  private static boolean isUsual(AttentionSpec attention) {
    return attention.slopes().isEmpty()
        && attention.keysOf().isEmpty()
        && attention.temperature().isEmpty()
        && attention.queryKeyNorm().filter(norm -> norm.afterRotation()).isEmpty()
        && attention.rotary().filter(rotary -> rotary.from() > 0).isEmpty()
        && !attention.sight().chunked()
        && !attention.sight().symmetric();
  }
}
