package dev.sonde.tokenizer.huggingface;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.sonde.api.ModelUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a model says about conversations.
 *
 * @param template the chat template
 * @param specialTokens {@code bos_token} and others by name
 */
record ChatFiles(Optional<String> template, Map<String, String> specialTokens) {
  private static final String TEMPLATE = "chat_template";

  /**
   * Reads {@code chat_template.jinja}, {@code tokenizer_config.json} and {@code
   * special_tokens_map.json} where they lie beside a tokenizer.
   *
   * @throws ModelUnavailableException naming the file if one is malformed
   */
  static ChatFiles beside(Path tokenizer) {
    JsonObject config = object(tokenizer.resolveSibling("tokenizer_config.json"));
    Map<String, String> tokens = new LinkedHashMap<>();
    addTokens(object(tokenizer.resolveSibling("special_tokens_map.json")), tokens);
    addTokens(config, tokens);
    if (config.get("extra_special_tokens") instanceof JsonObject extra) {
      addTokens(extra, tokens);
    }
    Path file = tokenizer.resolveSibling("chat_template.jinja");
    return new ChatFiles(Files.exists(file) ? Optional.of(text(file)) : template(config), tokens);
  }

  /**
   * Takes a {@code tokenizer_config.json} that is no file.
   *
   * @param config the bytes of the JSON object
   */
  static ChatFiles of(byte[] config) {
    JsonObject fields =
        JsonParser.parseString(new String(config, StandardCharsets.UTF_8)).getAsJsonObject();
    Map<String, String> tokens = new LinkedHashMap<>();
    addTokens(fields, tokens);
    return new ChatFiles(template(fields), tokens);
  }

  /** A text, or a list of texts with names, one of which is the default. */
  private static Optional<String> template(JsonObject config) {
    JsonElement template = config.get(TEMPLATE);
    if (template == null) {
      return Optional.empty();
    }
    if (template.isJsonArray()) {
      return template.getAsJsonArray().asList().stream()
          .map(JsonElement::getAsJsonObject)
          .filter(named -> named.get("name").getAsString().equals("default"))
          .map(named -> named.get("template").getAsString())
          .findFirst();
    }
    return content(template);
  }

  private static void addTokens(JsonObject from, Map<String, String> tokens) {
    from.asMap()
        .forEach(
            (name, token) -> {
              if (name.endsWith("_token")) {
                content(token).ifPresent(text -> tokens.put(name, text));
              }
            });
  }

  /** A text, or the content of a token with properties. */
  private static Optional<String> content(JsonElement element) {
    if (element instanceof JsonObject token && token.has("content")) {
      return content(token.get("content"));
    }
    return element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()
        ? Optional.of(element.getAsString())
        : Optional.empty();
  }

  private static JsonObject object(Path file) {
    if (!Files.exists(file)) {
      return new JsonObject();
    }
    try {
      return JsonParser.parseString(text(file)).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw unreadable(file, e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ModelUnavailableException unreadable(Path file, Exception e) {
    return new ModelUnavailableException(
        "%s: cannot be read: %s".formatted(file, e.getMessage()), e);
  }
}
