package dev.sonde.formats.gguf.model;

import dev.sonde.formats.FormatException;
import dev.sonde.formats.json.JsonText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** A vocabulary as the fields of a tokenizer.json. */
final class TokenizerFields {
  private TokenizerFields() {}

  /**
   * The fields, in the order of the file.
   *
   * @throws FormatException if the tokenizer is of a kind that is not supported
   */
  static Map<String, Object> of(Vocabulary vocabulary) {
    String model = vocabulary.option("model").orElse("missing");
    return switch (model) {
      case "gpt2" -> ByteLevel.tokenizer(vocabulary);
      case "llama" -> SentencePieces.tokenizer(vocabulary);
      default -> throw vocabulary.problem("model", "is '" + model + "'; supported: gpt2, llama");
    };
  }

  /** The tokens that are found whole in a text before anything else happens to it. */
  static List<Map<String, Object>> addedTokens(Vocabulary vocabulary, IntPredicate added) {
    return IntStream.range(0, vocabulary.size())
        .filter(id -> !vocabulary.text(id).isEmpty())
        .filter(added)
        .mapToObj(
            id ->
                JsonText.object(
                    "id", (long) id,
                    "content", vocabulary.text(id),
                    "single_word", false,
                    "lstrip", false,
                    "rstrip", false,
                    "normalized", false,
                    "special", vocabulary.kind(id) != Vocabulary.Kind.USER_DEFINED))
        .toList();
  }

  /** Text to id of the tokens that texts are turned into. */
  static Map<String, Object> ids(Vocabulary vocabulary) {
    Map<String, Object> ids = new LinkedHashMap<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.kind(id) != Vocabulary.Kind.UNUSED && !vocabulary.text(id).isEmpty()) {
        ids.put(vocabulary.text(id), (long) id);
      }
    }
    return ids;
  }
}
