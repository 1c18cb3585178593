package dev.sonde.formats.gguf.model;

import dev.sonde.formats.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * SentencePiece's byte-pair encoding, with bytes for characters that have no piece: {@code
 * tokenizer.ggml.model} llama.
 */
final class SentencePieces {
  /** How pieces write a space. */
  private static final String SPACE = "\u2581";

  /** Better than any score of a piece that was learnt; those are zero and below. */
  private static final double BEST = 1;

  private SentencePieces() {}

  static Map<String, Object> tokenizer(Vocabulary vocabulary) {
    boolean spaceFirst = vocabulary.flag("add_space_prefix").orElse(true);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", TokenizerFields.addedTokens(vocabulary, id -> added(vocabulary, id)));
    json.put("normalizer", normalizer(spaceFirst));
    Template.of(vocabulary, true).ifPresent(template -> json.put("post_processor", template));
    json.put("decoder", decoder(spaceFirst));
    json.put("model", model(vocabulary));
    return json;
  }

  private static Map<String, Object> normalizer(boolean spaceFirst) {
    Map<String, Object> visible = replace(" ", SPACE);
    return spaceFirst
        ? JsonText.object(
            "type",
            "Sequence",
            "normalizers",
            List.of(JsonText.object("type", "Prepend", "prepend", SPACE), visible))
        : visible;
  }

  private static Map<String, Object> decoder(boolean spaceFirst) {
    List<Object> steps =
        new ArrayList<>(
            List.of(
                replace(SPACE, " "),
                JsonText.object("type", "ByteFallback"),
                JsonText.object("type", "Fuse")));
    if (spaceFirst) {
      steps.add(JsonText.object("type", "Strip", "content", " ", "start", 1L, "stop", 0L));
    }
    return JsonText.object("type", "Sequence", "decoders", steps);
  }

  private static Map<String, Object> replace(String from, String to) {
    return JsonText.object("type", "Replace", "pattern", Map.of("String", from), "content", to);
  }

  private static Map<String, Object> model(Vocabulary vocabulary) {
    Map<String, Object> model = JsonText.object("type", "BPE");
    vocabulary
        .special("unknown")
        .ifPresent(id -> model.put("unk_token", spelled(vocabulary.text(id))));
    model.put("fuse_unk", true);
    model.put("byte_fallback", true);
    model.put("ignore_merges", false);
    Map<String, Object> ids = ids(vocabulary);
    model.put("vocab", ids);
    model.put(
        "merges",
        vocabulary
            .merges()
            .map(merges -> Merges.listed(vocabulary, ids, merges))
            .orElseGet(() -> Merges.ofScores(pieces(vocabulary))));
    return model;
  }

  private static Map<String, Object> ids(Vocabulary vocabulary) {
    Map<String, Object> ids = new LinkedHashMap<>();
    TokenizerFields.ids(vocabulary)
        .forEach(
            (text, id) -> {
              if (ids.put(spelled(text), id) != null) {
                throw vocabulary.problem(
                    "tokens", "holds '" + spelled(text) + "' in two spellings");
              }
            });
    return ids;
  }

  /** What merges can make: learnt pieces, and before them runs of spaces in their order. */
  private static Map<String, Double> pieces(Vocabulary vocabulary) {
    if (!vocabulary.hasScores()) {
      throw vocabulary.problem("scores", "is missing, and so is 'merges'");
    }
    Map<String, Double> pieces = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      String text = vocabulary.text(id);
      if (vocabulary.kind(id) == Vocabulary.Kind.NORMAL) {
        pieces.put(text, (double) vocabulary.score(id));
      } else if (vocabulary.kind(id) == Vocabulary.Kind.USER_DEFINED && spaces(text)) {
        pieces.put(spelled(text), BEST / (id + 1));
      }
    }
    return pieces;
  }

  private static boolean added(Vocabulary vocabulary, int id) {
    return switch (vocabulary.kind(id)) {
      case CONTROL, UNKNOWN -> true;
      case USER_DEFINED -> !spaces(vocabulary.text(id));
      case NORMAL, BYTE, UNUSED -> false;
    };
  }

  /** A piece as normalised texts hold it: llama.cpp's converter writes runs of spaces as such. */
  private static String spelled(String text) {
    return spaces(text) ? SPACE.repeat(text.length()) : text;
  }

  private static boolean spaces(String text) {
    return !text.isEmpty() && text.chars().allMatch(character -> character == ' ');
  }
}
