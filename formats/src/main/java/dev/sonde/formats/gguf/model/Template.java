package dev.sonde.formats.gguf.model;

import dev.sonde.formats.json.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The tokens that are written around every text, as tokenizer.json says it. */
record Template(Vocabulary vocabulary, Optional<Integer> first, Optional<Integer> last) {
  /**
   * The post-processor of a vocabulary; none if it writes nothing around texts.
   *
   * @param begins whether texts begin with a token unless the file says otherwise
   */
  static Optional<Map<String, Object>> of(Vocabulary vocabulary, boolean begins) {
    Template template =
        new Template(
            vocabulary,
            vocabulary.special("bos").filter(id -> vocabulary.flag("add_bos_token").orElse(begins)),
            vocabulary.special("eos").filter(id -> vocabulary.flag("add_eos_token").orElse(false)));
    return template.first.isEmpty() && template.last.isEmpty()
        ? Optional.empty()
        : Optional.of(template.json());
  }

  private Map<String, Object> json() {
    List<Object> pair = new ArrayList<>(around("A", 0));
    pair.addAll(around("B", 1));
    Map<String, Object> special = new LinkedHashMap<>();
    Stream.of(first, last)
        .flatMap(Optional::stream)
        .forEach(
            id -> {
              String text = vocabulary.text(id);
              special.put(
                  text,
                  JsonText.object("id", text, "ids", List.of((long) id), "tokens", List.of(text)));
            });
    return JsonText.object(
        "type",
        "TemplateProcessing",
        "single",
        around("A", 0),
        "pair",
        pair,
        "special_tokens",
        special);
  }

  private List<Object> around(String sequence, long type) {
    List<Object> pieces = new ArrayList<>();
    first.ifPresent(id -> pieces.add(piece("SpecialToken", vocabulary.text(id), type)));
    pieces.add(piece("Sequence", sequence, type));
    last.ifPresent(id -> pieces.add(piece("SpecialToken", vocabulary.text(id), type)));
    return pieces;
  }

  private static Map<String, Object> piece(String kind, String id, long type) {
    return Map.of(kind, JsonText.object("id", id, "type_id", type));
  }
}
