package dev.sonde.engine.data;

import dev.sonde.api.text.Message;
import java.util.List;
import java.util.Map;

/** Makes the text of a conversation, as the model that is fed it expects. */
@FunctionalInterface
public interface Chat {
  /**
   * The text.
   *
   * @param addGenerationPrompt whether it ends where the model's answer begins
   * @param variables what the template reads beside the messages
   * @throws dev.sonde.api.InvalidInputException if there is no such text
   */
  String render(List<Message> messages, boolean addGenerationPrompt, Map<String, Object> variables);
}
