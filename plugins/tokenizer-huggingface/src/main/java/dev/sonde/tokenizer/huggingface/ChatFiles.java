package dev.sonde.tokenizer.huggingface;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.sonde.api.InvalidInputException;
import dev.sonde.api.ModelUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a model says about conversations.
 *
 * @param templates the chat templates by name; a single one is called {@code default}
 * @param specialTokens {@code bos_token} and others by name
 */
record ChatFiles(Map<String, String> templates, Map<String, String> specialTokens) {
  /** The template that is used unless another is asked for. */
  static final String DEFAULT = "default";

  private static final String FOR_TOOLS = "tool_use";

  /** The variable that names a template, and where files have it. */
  static final String TEMPLATE = "chat_template";

  private static final String ENDING = ".jinja";

  /**
   * Reads {@code chat_template.jinja}, {@code additional_chat_templates}, {@code
   * tokenizer_config.json} and {@code special_tokens_map.json} where they lie beside a tokenizer.
   *
   * @throws ModelUnavailableException naming the file if one is malformed
   */
  static ChatFiles beside(Path tokenizer) {
    SideFiles files = SideFiles.beside(tokenizer);
    Map<String, String> templates = new LinkedHashMap<>();
    Path file = tokenizer.resolveSibling(TEMPLATE + ENDING);
    Path further = tokenizer.resolveSibling("additional_chat_templates");
    if (Files.exists(file)) {
      templates.put(DEFAULT, SideFiles.text(file));
    }
    if (Files.isDirectory(further)) {
      addAll(further, templates);
    }
    return new ChatFiles(
        templates.isEmpty() ? templates(files.config()) : templates,
        SpecialTokens.of(files).texts());
  }

  private static void addAll(Path folder, Map<String, String> templates) {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.toString().endsWith(ENDING))
          .sorted()
          .forEach(
              file -> {
                String name = String.valueOf(file.getFileName());
                templates.put(
                    name.substring(0, name.length() - ENDING.length()), SideFiles.text(file));
              });
    } catch (IOException e) {
      throw new ModelUnavailableException(
          "%s: cannot be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  /**
   * Takes a {@code tokenizer_config.json} that is no file.
   *
   * @param config the bytes of the JSON object
   */
  static ChatFiles of(byte[] config) {
    JsonObject fields =
        JsonParser.parseString(new String(config, StandardCharsets.UTF_8)).getAsJsonObject();
    return new ChatFiles(templates(fields), SpecialTokens.of(SideFiles.of(fields)).texts());
  }

  /** A text, or a list of texts with names. */
  private static Map<String, String> templates(JsonObject config) {
    JsonElement template = config.get(TEMPLATE);
    Map<String, String> templates = new LinkedHashMap<>();
    if (template == null) {
      return templates;
    }
    if (template.isJsonArray()) {
      template
          .getAsJsonArray()
          .forEach(
              each -> {
                JsonObject named = each.getAsJsonObject();
                templates.put(named.get("name").getAsString(), named.get("template").getAsString());
              });
    } else {
      SideFiles.content(template).ifPresent(text -> templates.put(DEFAULT, text));
    }
    return templates;
  }

  /**
   * The template for some variables: the one that {@code chat_template} names, or is; with {@code
   * tools} the one for tools where there is one; else the default one. Empty where there is none at
   * all.
   *
   * @throws InvalidInputException if there are several and none of them is meant
   */
  Optional<String> template(Map<String, Object> variables) {
    if (variables.get(TEMPLATE) instanceof String asked) {
      return Optional.of(templates.getOrDefault(asked, asked))
          .filter(found -> !found.equals(asked) || isTemplate(asked))
          .or(
              () -> {
                throw new InvalidInputException(
                    "the model has no chat template called '%s'; it has %s"
                        .formatted(asked, templates.keySet()));
              });
    }
    if (variables.containsKey("tools") && templates.containsKey(FOR_TOOLS)) {
      return Optional.ofNullable(templates.get(FOR_TOOLS));
    }
    if (!templates.isEmpty() && !templates.containsKey(DEFAULT)) {
      throw new InvalidInputException(
          "the model brings several chat templates, %s, and none is called 'default'; name one in chat_template_kwargs: { chat_template: %s }"
              .formatted(
                  String.join(", ", templates.keySet()), templates.keySet().iterator().next()));
    }
    return Optional.ofNullable(templates.get(DEFAULT));
  }

  private static boolean isTemplate(String text) {
    return text.contains("{{") || text.contains("{%");
  }
}
