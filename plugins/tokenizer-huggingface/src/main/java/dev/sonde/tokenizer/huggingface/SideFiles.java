package dev.sonde.tokenizer.huggingface;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.sonde.api.ModelUnavailableException;
import dev.sonde.formats.FormatException;
import dev.sonde.formats.TextFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The JSON files that lie beside a tokenizer.json.
 *
 * @param config {@code tokenizer_config.json}
 * @param specialTokens {@code special_tokens_map.json}
 * @param addedTokens {@code added_tokens.json}: text to id
 */
record SideFiles(JsonObject config, JsonObject specialTokens, JsonObject addedTokens) {
  private static final String CONTENT = "content";

  /**
   * Reads them; one that is missing is empty.
   *
   * @throws ModelUnavailableException naming the file if one is malformed
   */
  static SideFiles beside(Path tokenizer) {
    return new SideFiles(
        object(tokenizer.resolveSibling("tokenizer_config.json")),
        object(tokenizer.resolveSibling("special_tokens_map.json")),
        object(tokenizer.resolveSibling("added_tokens.json")));
  }

  /** A configuration with no file beside it. */
  static SideFiles of(JsonObject config) {
    return new SideFiles(config, new JsonObject(), new JsonObject());
  }

  /**
   * Whether the configuration lists the added tokens itself: then the other two files are those of
   * older versions, which transformers passes over.
   */
  boolean listsAddedTokens() {
    return config.get("added_tokens_decoder") instanceof JsonObject;
  }

  /** A text, or the content of a token with properties. */
  static Optional<String> content(JsonElement element) {
    if (element instanceof JsonObject token && token.has(CONTENT)) {
      return content(token.get(CONTENT));
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

  /** The text of a file. */
  static String text(Path file) {
    try {
      return TextFile.read(file);
    } catch (FormatException e) {
      throw new ModelUnavailableException(String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static ModelUnavailableException unreadable(Path file, Exception e) {
    return new ModelUnavailableException(
        "%s: cannot be read: %s".formatted(file, e.getMessage()), e);
  }
}
