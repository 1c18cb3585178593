package dev.sonde.tokenizer.huggingface;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The special tokens that files beside a tokenizer name.
 *
 * @param named {@code bos_token} and others by name: texts, or objects with properties
 * @param further those without a name
 */
record SpecialTokens(Map<String, JsonElement> named, List<JsonElement> further) {
  private static final String ENDING = "_token";
  private static final List<String> FURTHER =
      List.of("extra_special_tokens", "additional_special_tokens");

  static SpecialTokens of(SideFiles files) {
    Map<String, JsonElement> named = new LinkedHashMap<>();
    JsonArray further = new JsonArray();
    add(files.config(), named, further);
    if (!files.listsAddedTokens()) {
      add(files.specialTokens(), named, further);
    }
    return new SpecialTokens(named, further.asList());
  }

  private static void add(JsonObject from, Map<String, JsonElement> named, JsonArray further) {
    from.asMap()
        .forEach(
            (name, token) -> {
              if (name.endsWith(ENDING) && SideFiles.content(token).isPresent()) {
                named.put(name, token);
              }
            });
    for (String key : FURTHER) {
      switch (from.get(key)) {
        case JsonObject map -> add(map, named, further);
        case JsonArray list -> further.addAll(list);
        case null, default -> {}
      }
    }
  }

  /** The texts of those with a name. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    named.forEach(
        (name, token) -> SideFiles.content(token).ifPresent(text -> texts.put(name, text)));
    return texts;
  }
}
