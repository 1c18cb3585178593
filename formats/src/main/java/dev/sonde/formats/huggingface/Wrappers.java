package dev.sonde.formats.huggingface;

import dev.sonde.formats.huggingface.DecoderSpec.HeadSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Models of texts and images, of which the text part is read: its fields are in {@code text_config}
 * and its weights behind a prefix.
 */
final class Wrappers {
  /** Where the running model of transformers has the text part. */
  private static final String USUAL = "model.language_model.";

  private static final String IDEFICS = "model.text_model.";

  /** Where files have it. */
  private static final List<String> STORED =
      List.of("language_model.model.", "model.", "language_model.");

  /** What published text configurations of Gemma 3 leave out. */
  private static final Map<String, ?> GEMMA3 =
      Map.of("model_type", "gemma3_text", "num_attention_heads", 8L, "vocab_size", 262_208L);

  static final Map<String, Function<Fields, DecoderSpec>> FAMILIES =
      Map.ofEntries(
          Map.entry("gemma3", file -> of(file, USUAL, GEMMA3)),
          Map.entry("gemma3n", file -> of(file, USUAL, Map.of("model_type", "gemma3n_text"))),
          Map.entry("gemma4", file -> of(file, USUAL, Map.of("model_type", "gemma4_text"))),
          Map.entry("mistral3", file -> of(file, USUAL, Map.of("model_type", "mistral"))),
          Map.entry("llama4", file -> of(file, USUAL, Map.of("model_type", "llama4_text"))),
          Map.entry("llava", file -> of(file, USUAL, Map.of("model_type", "llama"))),
          Map.entry("llava_next", file -> of(file, USUAL, Map.of("model_type", "llama"))),
          Map.entry("llava_onevision", file -> of(file, USUAL, Map.of("model_type", "qwen2"))),
          Map.entry("internvl", file -> of(file, USUAL, Map.of("model_type", "qwen2"))),
          Map.entry("aya_vision", file -> of(file, USUAL, Map.of("model_type", "cohere2"))),
          Map.entry("lfm2_vl", file -> of(file, USUAL, Map.of("model_type", "lfm2"))),
          Map.entry("idefics3", file -> of(file, IDEFICS, Map.of("model_type", "llama"))),
          Map.entry("smolvlm", file -> of(file, IDEFICS, Map.of("model_type", "llama"))),
          Map.entry("qwen2_vl", file -> as(file, QwenKin::qwen2)),
          Map.entry("qwen2_5_vl", file -> as(file, QwenKin::qwen2)),
          Map.entry("qwen3_vl", file -> as(file, QwenKin::qwen3)),
          Map.entry("qwen3_vl_moe", file -> as(file, QwenKin::qwen3Moe)),
          Map.entry("qwen3_5", file -> as(file, QwenKin::qwen35)),
          Map.entry("qwen3_5_moe", file -> as(file, QwenKin::qwen35Moe)));

  /** Wrappers that cap logits as their text part does. */
  private static final Set<String> CAPPED = Set.of("gemma3n", "gemma4");

  private static final Pattern MEDIUM = Pattern.compile("(image|video|audio)_token_(?:id|index)");

  private Wrappers() {}

  /** The tokens of a wrapper that stand for what is not read, with what they stand for. */
  static Map<Integer, String> refusedTokens(Fields file) {
    Map<Integer, String> refused = new TreeMap<>();
    if (FAMILIES.containsKey(file.text("model_type", ""))) {
      for (String field : file.names()) {
        Matcher medium = MEDIUM.matcher(field);
        if (medium.matches() && !file.isNone(field)) {
          String article = medium.group(1).equals("video") ? "a " : "an ";
          refused.put(file.integer(field), article + medium.group(1) + " (" + field + ")");
        }
      }
    }
    return refused;
  }

  /** The text part is of a family that its own configuration names. */
  private static DecoderSpec of(Fields file, String prefix, Map<String, ?> absent) {
    Fields text = text(file).with(Map.of(), absent);
    return wrapped(file, prefix, Families.family(text).apply(text));
  }

  /** The text part is of a family whatever it calls itself. */
  private static DecoderSpec as(Fields file, Function<Fields, DecoderSpec> family) {
    return wrapped(file, USUAL, family.apply(text(file)));
  }

  private static Fields text(Fields file) {
    for (String field : file.names()) {
      if (isOfImages(field)) {
        file.pass(field);
      }
    }
    return file.object("text_config")
        .map(text -> tied(file, text))
        .orElseGet(() -> file.without("text_config"));
  }

  /** Whether embeddings are tied is said on either level. */
  private static Fields tied(Fields file, Fields text) {
    return file.has("tie_word_embeddings") && !text.has("tie_word_embeddings")
        ? text.with(
            Map.of(), Map.of("tie_word_embeddings", file.flag("tie_word_embeddings", false)))
        : text;
  }

  private static boolean isOfImages(String field) {
    return field.matches(
        ".*(?:vision|image|video|audio|visual|multimodal|projector|mm_|patch|pixel|downsample|scale_factor"
            + "|use_thumbnail|tile|encoder_patch|qk_layer_norms).*");
  }

  private static DecoderSpec wrapped(Fields file, String prefix, DecoderSpec text) {
    List<BlockSpec> blocks =
        text.blocks().stream()
            .map(
                b ->
                    new BlockSpec(
                        b.mixer(),
                        b.mlp(),
                        b.norm(),
                        b.parallel(),
                        b.residualScale(),
                        b.transposed(),
                        behind(b.names(), prefix)))
            .toList();
    return new DecoderSpec(
        file.text("model_type", ""),
        text.width(),
        text.vocabulary(),
        text.longestContext(),
        text.embedding(),
        blocks,
        text.perLayer(),
        text.altUp(),
        text.finalNorm(),
        head(file, text.head()),
        behind(text.names(), prefix));
  }

  /** Most wrappers unembed without the text part's factor or cap, whatever its fields say. */
  private static HeadSpec head(Fields file, HeadSpec text) {
    boolean capped = CAPPED.contains(file.text("model_type", ""));
    return new HeadSpec(text.tied(), 1, capped ? text.cap() : 0);
  }

  private static Map<Part, ModuleNames> behind(Map<Part, ModuleNames> names, String prefix) {
    Map<Part, ModuleNames> moved = new EnumMap<>(Part.class);
    names.forEach((part, name) -> moved.put(part, moved(name, prefix)));
    return moved;
  }

  private static ModuleNames moved(ModuleNames name, String prefix) {
    String own = "model.";
    if (!name.path().startsWith(own)) { // the head stands beside the model
      return new ModuleNames(name.path(), name.all().map(n -> "language_model." + n).toList());
    }
    List<String> further =
        name.all()
            .flatMap(
                n ->
                    Stream.concat(Stream.of(prefix), STORED.stream())
                        .map(p -> p + n.substring(own.length())))
            .filter(n -> !n.equals(prefix + name.path().substring(own.length())))
            .distinct()
            .toList();
    return new ModuleNames(prefix + name.path().substring(own.length()), further);
  }
}
