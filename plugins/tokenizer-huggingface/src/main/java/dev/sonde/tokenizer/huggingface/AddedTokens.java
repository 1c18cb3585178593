package dev.sonde.tokenizer.huggingface;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tokens that are found whole in texts and that only the files beside a tokenizer.json name: {@code
 * added_tokens_decoder} in tokenizer_config.json, added_tokens.json, and special tokens. As
 * transformers does it, they are put into the tokenizer, and take their properties from there.
 */
final class AddedTokens {
  private static final String ADDED = "added_tokens";
  private static final String CONTENT = "content";
  private static final String ID = "id";
  private static final String SPECIAL = "special";
  private static final String NORMALIZED = "normalized";
  private static final List<String> FLAGS =
      List.of("single_word", "lstrip", "rstrip", NORMALIZED, SPECIAL);

  private final List<String> notes = new ArrayList<>();
  private final Map<String, JsonObject> tokens = new LinkedHashMap<>();
  private final Map<String, Integer> wantedIds = new LinkedHashMap<>();
  private boolean changed;

  private AddedTokens(List<JsonObject> own) {
    own.forEach(token -> tokens.put(token.get(CONTENT).getAsString(), token));
  }

  /**
   * A tokenizer.json with all tokens in it.
   *
   * @param json the bytes of the file
   * @param notes what the files leave open
   */
  record Completed(byte[] json, List<String> notes) {}

  /**
   * Adds to a tokenizer.json what the files beside it name.
   *
   * @throws IOException if the bytes are no JSON object
   */
  static Completed complete(byte[] json, SideFiles files) throws IOException {
    AddedTokens added = new AddedTokens(own(json));
    added.collect(files);
    byte[] complete = added.changed ? added.written(json) : json;
    added.noteOtherIds();
    return new Completed(complete, added.notes);
  }

  /** The list in the file, which stands before the long parts of it. */
  private static List<JsonObject> own(byte[] json) throws IOException {
    try (JsonReader reader =
        new JsonReader(
            new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8))) {
      reader.beginObject();
      while (reader.hasNext()) {
        if (reader.nextName().equals(ADDED)) {
          return JsonParser.parseReader(reader) instanceof JsonArray list
              ? list.asList().stream().map(JsonElement::getAsJsonObject).toList()
              : List.of();
        }
        reader.skipValue();
      }
      return List.of();
    }
  }

  private void collect(SideFiles files) {
    SpecialTokens special = SpecialTokens.of(files);
    List<String> named =
        special.named().values().stream().flatMap(t -> SideFiles.content(t).stream()).toList();
    if (files.config().get("added_tokens_decoder") instanceof JsonObject decoder) {
      decoder.entrySet().stream()
          .filter(entry -> entry.getKey().matches("\\d{1,9}"))
          .sorted(Comparator.comparingInt(entry -> Integer.parseInt(entry.getKey())))
          .forEach(
              entry ->
                  put(entry.getValue(), Optional.of(Integer.valueOf(entry.getKey())), named, true));
    } else {
      collectOlder(files.addedTokens(), special, named);
    }
    Stream.concat(special.named().values().stream(), special.further().stream())
        .forEach(token -> put(token, Optional.empty(), named, false));
  }

  /** added_tokens.json, which says nothing but ids. */
  private void collectOlder(JsonObject added, SpecialTokens special, List<String> named) {
    List<String> allSpecial =
        Stream.concat(
                named.stream(),
                special.further().stream().flatMap(t -> SideFiles.content(t).stream()))
            .toList();
    added.entrySet().stream()
        .filter(entry -> entry.getValue().isJsonPrimitive() && !tokens.containsKey(entry.getKey()))
        .sorted(Comparator.comparingInt(entry -> entry.getValue().getAsInt()))
        .forEach(
            entry -> {
              JsonObject token = new JsonObject();
              token.addProperty(CONTENT, entry.getKey());
              token.addProperty(SPECIAL, allSpecial.contains(entry.getKey()));
              put(token, Optional.of(entry.getValue().getAsInt()), named, false);
            });
  }

  /**
   * Takes a token.
   *
   * @param id where it is said to stand
   * @param named texts of special tokens with a name
   * @param overrides whether its properties count where the tokenizer has the token already
   */
  private void put(JsonElement token, Optional<Integer> id, List<String> named, boolean overrides) {
    String content = SideFiles.content(token).orElse("");
    if (content.isEmpty() || (tokens.containsKey(content) && !overrides)) {
      return;
    }
    JsonObject taken = new JsonObject();
    taken.addProperty(CONTENT, content);
    boolean special =
        token instanceof JsonObject given
            ? flag(given, SPECIAL, false) || named.contains(content)
            : true;
    for (String name : FLAGS) {
      boolean absent = name.equals(NORMALIZED) && !special;
      taken.addProperty(
          name,
          name.equals(SPECIAL)
              ? special
              : token instanceof JsonObject given && flag(given, name, absent));
    }
    id.ifPresent(wanted -> wantedIds.put(content, wanted));
    JsonObject before = tokens.get(content);
    if (before == null || !sameFlags(before, taken)) {
      changed = true;
      if (before != null) {
        taken.add(ID, before.get(ID));
      }
      tokens.put(content, taken);
    }
  }

  private static boolean sameFlags(JsonObject a, JsonObject b) {
    return FLAGS.stream().allMatch(name -> flag(a, name, false) == flag(b, name, false));
  }

  private static boolean flag(JsonObject token, String name, boolean absent) {
    return (token.has(name) && token.get(name).isJsonPrimitive())
        ? token.get(name).getAsBoolean()
        : absent;
  }

  /** The file with the tokens, which have the ids that the library gives them. */
  private byte[] written(byte[] json) {
    JsonObject root =
        JsonParser.parseString(new String(json, StandardCharsets.UTF_8)).getAsJsonObject();
    Map<String, Integer> vocabulary = vocabulary(root.getAsJsonObject("model"));
    int next =
        Math.max(
            vocabulary.size(),
            1
                + tokens.values().stream()
                    .filter(token -> token.has(ID))
                    .mapToInt(token -> token.get(ID).getAsInt())
                    .max()
                    .orElse(-1));
    for (JsonObject token : tokens.values()) {
      if (!token.has(ID)) {
        Integer known = vocabulary.get(token.get(CONTENT).getAsString());
        token.addProperty(ID, known == null ? next++ : known);
      }
    }
    JsonArray list = new JsonArray();
    tokens.values().stream()
        .sorted(Comparator.comparingInt(token -> token.get(ID).getAsInt()))
        .forEach(list::add);
    root.add(ADDED, list);
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void noteOtherIds() {
    List<String> elsewhere = new ArrayList<>();
    wantedIds.forEach(
        (content, wanted) -> {
          JsonObject token = tokens.get(content);
          if (token != null && token.has(ID) && token.get(ID).getAsInt() != wanted) {
            elsewhere.add("'%s' as %d (%d)".formatted(content, token.get(ID).getAsInt(), wanted));
          }
        });
    if (!elsewhere.isEmpty()) {
      notes.add(
          "The files beside tokenizer.json give tokens other ids than it has or has room for; they are taken as transformers takes them: %s."
              .formatted(elsewhere.stream().limit(5).collect(Collectors.joining(", "))));
    }
  }

  /** Text to id: an object, or a list of pairs of a text and its score. */
  private static Map<String, Integer> vocabulary(JsonObject model) {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    switch (model.get("vocab")) {
      case JsonObject ids -> ids.asMap().forEach((text, id) -> vocabulary.put(text, id.getAsInt()));
      case JsonArray pairs ->
          pairs.forEach(
              pair ->
                  vocabulary.putIfAbsent(
                      pair.getAsJsonArray().get(0).getAsString(), vocabulary.size()));
      case null, default -> {}
    }
    return vocabulary;
  }
}
