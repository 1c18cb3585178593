package dev.sonde.formats.gguf.model;

import dev.sonde.formats.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Byte-pair encoding of bytes, as GPT-2 has it: {@code tokenizer.ggml.model} gpt2. */
final class ByteLevel {
  private ByteLevel() {}

  static Map<String, Object> tokenizer(Vocabulary vocabulary) {
    PreTokenizer cutting = PreTokenizer.of(vocabulary);
    List<String> merges =
        vocabulary.merges().orElseThrow(() -> vocabulary.problem("merges", "is missing"));
    Map<String, Object> ids = TokenizerFields.ids(vocabulary);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("version", "1.0");
    json.put("added_tokens", TokenizerFields.addedTokens(vocabulary, id -> added(vocabulary, id)));
    if (cutting.composed()) {
      json.put("normalizer", JsonText.object("type", "NFC"));
    }
    json.put(
        "pre_tokenizer",
        JsonText.object("type", "Sequence", "pretokenizers", cutting.splitting().steps()));
    Template.of(vocabulary, cutting.begins())
        .ifPresent(template -> json.put("post_processor", template));
    json.put(
        "decoder",
        JsonText.object(
            "type", "ByteLevel",
            "add_prefix_space", true,
            "trim_offsets", true,
            "use_regex", true));
    json.put(
        "model",
        JsonText.object(
            "type",
            "BPE",
            "fuse_unk",
            false,
            "byte_fallback",
            false,
            "ignore_merges",
            cutting.wholeTokens(),
            "vocab",
            ids,
            "merges",
            Merges.listed(vocabulary, ids, merges)));
    return json;
  }

  private static boolean added(Vocabulary vocabulary, int id) {
    return switch (vocabulary.kind(id)) {
      case CONTROL, UNKNOWN, USER_DEFINED -> true;
      case NORMAL, BYTE, UNUSED -> false;
    };
  }
}
