package dev.sonde.wire;

import dev.sonde.api.model.Attention;
import dev.sonde.api.model.Capabilities;
import dev.sonde.api.model.ModelInfo;
import dev.sonde.api.text.TokenizerSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a server says of its model.
 *
 * @param info without memory, which is the server's, and without a tokenizer
 * @param capabilities what it can do; training and saving are not in the written form
 */
public record ServedModel(ModelInfo info, Capabilities capabilities) {
  /** The version of the written form. */
  public static final int VERSION = 1;

  private static final String VERSION_KEY = "sonde_wire";

  /** The message that describes it. */
  public WireMessage message() {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put(VERSION_KEY, (long) VERSION);
    head.put("architecture", info.architecture());
    head.put("content_hash", info.contentHash());
    head.put("layers", (long) info.layers());
    head.put("width", (long) info.width());
    head.put("heads", (long) info.heads());
    head.put("key_value_heads", (long) info.keyValueHeads());
    head.put("head_width", (long) info.headWidth());
    head.put("vocabulary", (long) info.vocabularySize());
    head.put("dtype", info.dtype());
    head.put("parameters", info.parameters());
    head.put("block_parameters", info.blockParameters());
    Map<String, Object> widths = new LinkedHashMap<>();
    info.widths().forEach((site, width) -> widths.put(site, (long) width));
    head.put("widths", widths);
    head.put("end_of_sequence", FormFields.list(info.endOfSequence()));
    head.put("notes", info.notes());
    head.put("attention", info.attention().stream().map(ServedModel::attention).toList());
    Map<String, Object> can = new LinkedHashMap<>();
    can.put("sites", List.copyOf(capabilities.sites()));
    can.put("longest_context", (long) capabilities.longestContext());
    can.put("generates", capabilities.generates());
    can.put("selectors", List.copyOf(capabilities.selectors()));
    can.put("reductions", List.copyOf(capabilities.reductions()));
    can.put("interventions", List.copyOf(capabilities.interventions()));
    can.put("objectives", List.copyOf(capabilities.objectives()));
    can.put("distances", List.copyOf(capabilities.distances()));
    can.put("features", written(capabilities.features()));
    head.put("capabilities", can);
    return WireMessage.of(head);
  }

  private static List<Object> written(Set<String> features) {
    return features.stream()
        .filter(feature -> !feature.equals(Capabilities.TRAINING))
        .<Object>map(feature -> feature)
        .toList();
  }

  private static Map<String, Object> attention(Attention attention) {
    Map<String, Object> block = new LinkedHashMap<>();
    block.put("scale", attention.scale());
    block.put("soft_cap", attention.softCap());
    block.put("window", (long) attention.window());
    block.put("sinks", attention.sinks());
    attention.rotary().ifPresent(rotary -> block.put("rotary", rotary(rotary)));
    return block;
  }

  private static Map<String, Object> rotary(Attention.Rotary rotary) {
    List<Object> frequencies = new ArrayList<>();
    for (float frequency : rotary.frequencies()) {
      frequencies.add((double) frequency);
    }
    Map<String, Object> turning = new LinkedHashMap<>();
    turning.put("frequencies", frequencies);
    turning.put("interleaved", rotary.interleaved());
    turning.put("magnitude", rotary.magnitude());
    turning.put("up_to", (long) rotary.upTo());
    return turning;
  }

  /**
   * Reads a description.
   *
   * @throws WireException if something is missing or malformed, or it is of another version
   */
  public static ServedModel of(WireMessage message) {
    FormFields head = new FormFields(message.head());
    int version = head.integer(VERSION_KEY);
    if (version != VERSION) {
      throw new WireException(
          "the form is of version %d, this is version %d; use a server and a Sonde that belong together"
              .formatted(version, VERSION));
    }
    Map<String, Integer> widths = new LinkedHashMap<>();
    FormFields announced = head.child("widths");
    announced.object().keySet().forEach(site -> widths.put(site, announced.integer(site)));
    return new ServedModel(
        info(head, widths), capabilities(head.child("capabilities"), widths.keySet()));
  }

  /** Reads a description of a model whose tokenizer is here. */
  public static ServedModel of(WireMessage message, TokenizerSource tokenizer) {
    ServedModel served = of(message);
    return new ServedModel(served.info().tokenizer(tokenizer), served.capabilities());
  }

  private static ModelInfo info(FormFields head, Map<String, Integer> widths) {
    ModelInfo info =
        ModelInfo.of(head.text("architecture"), head.text("content_hash"))
            .shape(head.integer("layers"), head.integer("width"))
            .heads(
                head.integer("heads", 0),
                head.integer("key_value_heads", 0),
                head.integer("head_width", 0))
            .vocabulary(head.integer("vocabulary"))
            .dtype(head.text("dtype", "float32"))
            .parameters(head.whole("parameters", 0))
            .blockParameters(head.whole("block_parameters", 0))
            .widths(widths)
            .endOfSequence(head.integers("end_of_sequence"))
            .attention(head.objects("attention").stream().map(ServedModel::attention).toList());
    for (String note : head.texts("notes")) {
      info = info.note(note);
    }
    return info;
  }

  private static Capabilities capabilities(FormFields can, Set<String> sites) {
    Capabilities silent =
        Capabilities.none()
            .sites(can.has("sites") ? Set.copyOf(can.texts("sites")) : sites)
            .longestContext(can.integer("longest_context"))
            .selectors(names(can, "selectors"))
            .reductions(names(can, "reductions"))
            .interventions(names(can, "interventions"))
            .objectives(names(can, "objectives"))
            .distances(names(can, "distances"))
            .features(names(can, "features"));
    return can.flag("generates") ? silent.generating() : silent;
  }

  private static Set<String> names(FormFields can, String key) {
    return new TreeSet<>(can.texts(key));
  }

  private static Attention attention(FormFields block) {
    Attention attention =
        Attention.scaledBy(block.real("scale", 1))
            .softCap(block.real("soft_cap", 0))
            .window(block.integer("window", 0))
            .sinks(block.flag("sinks"));
    if (block.has("rotary")) {
      FormFields turning = block.child("rotary");
      double[] read = turning.reals("frequencies");
      float[] frequencies = new float[read.length];
      for (int plane = 0; plane < read.length; plane++) {
        frequencies[plane] = (float) read[plane];
      }
      return attention.rotary(
          new Attention.Rotary(
              frequencies,
              turning.flag("interleaved"),
              turning.real("magnitude", 1),
              turning.integer("up_to", Integer.MAX_VALUE)));
    }
    return attention;
  }
}
