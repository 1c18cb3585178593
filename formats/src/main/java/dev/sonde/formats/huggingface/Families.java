package dev.sonde.formats.huggingface;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The families by {@code model_type}, and what their config.json means. */
final class Families {
  private static final Map<String, Function<Fields, DecoderSpec>> FAMILIES = new TreeMap<>();

  static {
    FAMILIES.putAll(LlamaKin.FAMILIES);
    FAMILIES.putAll(MistralKin.FAMILIES);
    FAMILIES.putAll(QwenKin.FAMILIES);
    FAMILIES.putAll(GemmaKin.FAMILIES);
    FAMILIES.putAll(LayeredGemma.FAMILIES);
    FAMILIES.putAll(OlmoKin.FAMILIES);
    FAMILIES.putAll(CohereKin.FAMILIES);
    FAMILIES.putAll(PhiKin.FAMILIES);
    FAMILIES.putAll(GraniteKin.FAMILIES);
    FAMILIES.putAll(MambaKin.FAMILIES);
    FAMILIES.putAll(DeepSeekKin.FAMILIES);
    FAMILIES.putAll(GptKin.FAMILIES);
    FAMILIES.putAll(Wrappers.FAMILIES);
  }

  private Families() {}

  /**
   * A decoder as config.json describes it.
   *
   * @param remarks what was guessed or passed over
   * @param refusedTokens ids that stand for images and sounds, with what they stand for
   */
  record Described(DecoderSpec spec, List<String> remarks, Map<Integer, String> refusedTokens) {}

  /** Reads the fields of config.json; anything that is not supported is refused by name. */
  static Described read(Fields config) {
    DecoderSpec spec = family(config).apply(config);
    return new Described(
        spec, KnownFields.remarks(config, spec.architecture()), Wrappers.refusedTokens(config));
  }

  /** Every {@code model_type} that is read. */
  static Set<String> types() {
    return FAMILIES.keySet();
  }

  /** The reader of one family's fields. */
  static Function<Fields, DecoderSpec> family(Fields config) {
    String type = config.text("model_type", "");
    Function<Fields, DecoderSpec> family = FAMILIES.get(type);
    if (family == null) {
      throw config.problem(
          "model_type", "is not supported; supported: " + String.join(", ", FAMILIES.keySet()));
    }
    return family;
  }
}
