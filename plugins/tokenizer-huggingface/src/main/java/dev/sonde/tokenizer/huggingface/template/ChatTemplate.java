package dev.sonde.tokenizer.huggingface.template;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.text.Message;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model's chat template: the text that {@code apply_chat_template} of Hugging Face's transformers
 * gives for a conversation. Safe for use from several threads.
 */
public final class ChatTemplate {
  /** Names under which messages carry reasoning; templates read the first. */
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private final String source;
  private final Map<String, Object> surroundings;
  private final List<Statement> statements;

  private ChatTemplate(
      String source, Map<String, Object> surroundings, List<Statement> statements) {
    this.source = source;
    this.surroundings = surroundings;
    this.statements = statements;
  }

  /**
   * Reads a template.
   *
   * @param specialTokens {@code bos_token} and others that it may name
   * @param clock tells templates that write the date
   * @throws InvalidInputException if it is malformed
   */
  public static ChatTemplate of(String source, Map<String, String> specialTokens, Clock clock) {
    Map<String, Object> surroundings = new LinkedHashMap<>(Globals.of(clock));
    surroundings.putAll(specialTokens);
    try {
      return new ChatTemplate(source, surroundings, Parser.statements(source));
    } catch (TemplateException e) {
      throw new InvalidInputException(
          "the chat template is malformed: %s".formatted(e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new InvalidInputException("the chat template is nested too deeply", e);
    }
  }

  /** The template as it was read. */
  public String source() {
    return source;
  }

  /**
   * The text of a conversation.
   *
   * @param variables what the template reads beside the messages, as JSON has values
   * @param addGenerationPrompt whether the text ends where the model's answer begins
   * @throws InvalidInputException if the template refuses the conversation, or uses what is not
   *     supported
   */
  public String render(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
    Map<String, Object> all = new LinkedHashMap<>(surroundings);
    all.put("tools", None.NONE);
    all.put("documents", None.NONE);
    try {
      variables.forEach((name, value) -> all.put(name, Python.fromJson(value)));
      all.put("messages", values(messages));
      all.put("add_generation_prompt", addGenerationPrompt);
      return Rendering.text(statements, all);
    } catch (TemplateException e) {
      throw new InvalidInputException("the chat template says: " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new InvalidInputException("the chat template is nested too deeply", e);
    }
  }

  private static List<Object> values(List<Message> messages) {
    List<Object> values = new ArrayList<>();
    messages.forEach(message -> values.add(withReasoning(value(message))));
    return values;
  }

  /** A message without the fields that are null. */
  private static Map<Object, Object> value(Message message) {
    Map<Object, Object> fields = new LinkedHashMap<>();
    message.fields().forEach((name, field) -> fields.put(name, Python.fromJson(field)));
    fields.values().removeIf(value -> value == None.NONE);
    return fields;
  }

  /** Reasoning under the names that transformers gives it. */
  private static Map<Object, Object> withReasoning(Map<Object, Object> message) {
    for (String name : REASONING) {
      Object reasoning = message.get(name);
      if (reasoning != null) {
        Map<Object, Object> named = new LinkedHashMap<>();
        named.put("thinking", reasoning);
        named.putAll(message);
        named.put("reasoning_content", reasoning);
        return named;
      }
    }
    return message;
  }
}
