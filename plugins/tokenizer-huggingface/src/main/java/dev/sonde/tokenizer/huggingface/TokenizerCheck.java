package dev.sonde.tokenizer.huggingface;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What of a tokenizer.json is looked at before the native library sees it: where that library finds
 * what it did not expect it ends the process, which nobody can catch.
 */
final class TokenizerCheck {
  /** How many times longer a text may become before it is cut into tokens. */
  private static final double MOST_GROWTH = 1000;

  private static final long LARGEST_ID = Integer.MAX_VALUE;

  private final Set<String> tokens = new HashSet<>();
  private Optional<String> unknown = Optional.empty();
  private long rows;
  private long unknownRow = -1;
  private double growth = 1;

  private TokenizerCheck() {}

  /**
   * Checks a file.
   *
   * @throws IOException if the bytes are no JSON object, or are nested too deep
   * @throws IllegalArgumentException saying which part the library would not survive
   */
  static void check(byte[] json) throws IOException {
    new TokenizerCheck().read(json);
  }

  private void read(byte[] json) throws IOException {
    try (JsonReader reader =
        new JsonReader(
            new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8))) {
      reader.beginObject();
      while (reader.hasNext()) {
        switch (reader.nextName()) {
          case "model" -> model(reader);
          case "added_tokens" -> added(JsonParser.parseReader(reader));
          case "post_processor" -> each(JsonParser.parseReader(reader), this::postProcessor);
          case "normalizer" -> each(JsonParser.parseReader(reader), this::normalizer);
          case "pre_tokenizer", "decoder" ->
              each(JsonParser.parseReader(reader), TokenizerCheck::pattern);
          default -> reader.skipValue();
        }
      }
    } catch (JsonParseException | IllegalStateException | StackOverflowError e) {
      throw new IOException("is no tokenizer.json: " + e.getMessage(), e);
    }
    checkUnknown();
  }

  private void checkUnknown() {
    if (unknown.isPresent() && !tokens.contains(unknown.get())) {
      throw new IllegalArgumentException(
          "model.unk_token is '%s', which is none of its tokens".formatted(unknown.get()));
    }
    if (unknownRow >= 0 && unknownRow >= rows) {
      throw new IllegalArgumentException(
          "model.unk_id is %d, and its vocabulary has %d tokens".formatted(unknownRow, rows));
    }
  }

  /** Passes over the vocabulary without keeping it. */
  private void model(JsonReader reader) throws IOException {
    if (reader.peek() != JsonToken.BEGIN_OBJECT) {
      reader.skipValue();
      return;
    }
    reader.beginObject();
    while (reader.hasNext()) {
      switch (reader.nextName()) {
        // An empty name is none, and byte pairs leave out what they do not know.
        case "unk_token" ->
            unknown = text(JsonParser.parseReader(reader)).filter(token -> !token.isEmpty());
        case "unk_id" -> unknownRow = number(JsonParser.parseReader(reader), "model.unk_id");
        case "vocab" -> vocabulary(reader);
        default -> reader.skipValue();
      }
    }
    reader.endObject();
  }

  private void vocabulary(JsonReader reader) throws IOException {
    if (reader.peek() == JsonToken.BEGIN_OBJECT) {
      reader.beginObject();
      while (reader.hasNext()) {
        String token = reader.nextName();
        id(reader.nextLong(), token);
        tokens.add(token);
      }
      reader.endObject();
    } else if (reader.peek() == JsonToken.BEGIN_ARRAY) {
      reader.beginArray();
      while (reader.hasNext()) {
        if (JsonParser.parseReader(reader) instanceof JsonArray row && !row.isEmpty()) {
          tokens.add(row.get(0).getAsString());
        }
        rows++;
      }
      reader.endArray();
    } else {
      reader.skipValue();
    }
  }

  private void added(JsonElement added) {
    if (added instanceof JsonArray list) {
      for (JsonElement token : list) {
        if (token instanceof JsonObject object && object.has("id")) {
          String content = text(object.get("content")).orElse("");
          id(number(object.get("id"), "added_tokens.id"), content);
          tokens.add(content);
        }
      }
    }
  }

  private static void id(long id, String token) {
    if (id < 0 || id > LARGEST_ID) {
      throw new IllegalArgumentException(
          "the token '%s' has the id %d, which is none".formatted(token, id));
    }
  }

  /** A part by itself, or every part of a sequence of parts. */
  private static void each(JsonElement part, Consumer<JsonObject> check) {
    switch (part) {
      case JsonObject object -> {
        check.accept(object);
        object.asMap().values().stream()
            .filter(JsonArray.class::isInstance)
            .forEach(inner -> each(inner, check));
      }
      case JsonArray list -> list.forEach(inner -> each(inner, check));
      default -> {} // null, a text, a number
    }
  }

  private void postProcessor(JsonObject part) {
    if (!text(part.get("type")).equals(Optional.of("TemplateProcessing"))) {
      return;
    }
    JsonElement named = part.get("special_tokens");
    for (String template : new String[] {"single", "pair"}) {
      each(
          part.get(template) == null ? new JsonArray() : part.get(template),
          piece -> {
            if (piece.get("SpecialToken") instanceof JsonObject token) {
              String id = text(token.get("id")).orElse("");
              if (!(named instanceof JsonObject tokens && tokens.has(id))) {
                throw new IllegalArgumentException(
                    "post_processor.%s names the token '%s', which its special_tokens lack"
                        .formatted(template, id));
              }
            }
            if (template.equals("single")
                && piece.get("Sequence") instanceof JsonObject sequence
                && !text(sequence.get("id")).equals(Optional.of("A"))) {
              throw new IllegalArgumentException(
                  "post_processor.single has a second sequence, and one text is only one");
            }
          });
    }
  }

  private void normalizer(JsonObject part) {
    pattern(part);
    if (text(part.get("type")).equals(Optional.of("Replace"))) {
      String content = text(part.get("content")).orElse("");
      int replaced =
          part.get("pattern") instanceof JsonObject pattern
              ? text(pattern.get("String")).map(String::length).orElse(1)
              : 1;
      growth *= Math.max(1, content.length() / (double) Math.max(1, replaced));
      if (growth > MOST_GROWTH) {
        throw new IllegalArgumentException(
            "its normalizer can make a text more than %.0f times as long".formatted(MOST_GROWTH));
      }
    }
  }

  private static void pattern(JsonObject part) {
    if (part.get("pattern") instanceof JsonObject pattern) {
      text(pattern.get("Regex"))
          .filter(Backtracking::isExponential)
          .ifPresent(
              regex -> {
                throw new IllegalArgumentException(
                    "the pattern %s repeats what is repeated, so that some texts take it for ever"
                        .formatted(regex));
              });
    }
  }

  private static Optional<String> text(@Nullable JsonElement element) {
    return element != null && element.isJsonPrimitive()
        ? Optional.of(element.getAsString())
        : Optional.empty();
  }

  private static long number(JsonElement element, String what) {
    if (element.isJsonNull()) {
      return -1;
    }
    try {
      return element.getAsLong();
    } catch (NumberFormatException | UnsupportedOperationException | IllegalStateException e) {
      throw new IllegalArgumentException("%s is no number: %s".formatted(what, element), e);
    }
  }
}
