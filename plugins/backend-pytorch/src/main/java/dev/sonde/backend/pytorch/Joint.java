package dev.sonde.backend.pytorch;

import dev.sonde.formats.huggingface.AttentionSpec;
import dev.sonde.formats.huggingface.AttentionSpec.Gate;
import dev.sonde.formats.huggingface.DecoderSpec;
import dev.sonde.formats.huggingface.Part;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Which linears of a block take the same input, so that one product serves all of them. */
final class Joint {
  private Joint() {}

  /** The whole, and its parts in the order of their rows. */
  static Map<Part, List<Part>> of(DecoderSpec spec, int layer) {
    Map<Part, List<Part>> all = new EnumMap<>(Part.class);
    List<Part> heads = List.of(Part.QUERY, Part.KEY, Part.VALUE);
    boolean plain =
        spec.block(layer).mixer() instanceof AttentionSpec attention
            && attention.gate() != Gate.BESIDE_QUERY;
    if (plain && has(spec, layer, heads)) {
      all.put(Part.QUERY_KEY_VALUE, heads);
    }
    for (var gated :
        Map.of(
                Part.GATE_UP, List.of(Part.GATE, Part.UP),
                Part.SHARED_GATE_UP, List.of(Part.SHARED_GATE, Part.SHARED_UP))
            .entrySet()) {
      if (has(spec, layer, gated.getValue())) {
        all.put(gated.getKey(), gated.getValue());
      }
    }
    return all;
  }

  private static boolean has(DecoderSpec spec, int layer, List<Part> parts) {
    return parts.stream().allMatch(part -> spec.has(part, layer));
  }
}
