package dev.sonde.probe.stepimportance.chain;

import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import dev.sonde.api.text.Message;
import dev.sonde.api.text.Tokenizer;
import java.util.List;

/**
 * How a model is given the problems of a study.
 *
 * @param chat whether prompts go through the model's chat template
 * @param message the user's message of such a conversation, {@link #PLACE} in the problem's place
 */
public record Prompts(boolean chat, String message) {
  private static final String PLACE = "{prompt}";

  /** The prompts of an experiment to a model with this tokenizer. */
  public static Prompts of(Config config, Tokenizer tokenizer) {
    boolean chat = config.string("chat").equals("auto") && tokenizer.chatTemplate().isPresent();
    return new Prompts(chat, config.string("chat_message"));
  }

  /**
   * A problem as it is fed.
   *
   * @param specialTokens whether the tokenizer adds its special tokens
   */
  record Prompt(String text, boolean specialTokens) {}

  Prompt of(Example example, Tokenizer tokenizer) {
    if (!chat) {
      return new Prompt(example.text(), example.specialTokens());
    }
    Message user = Message.of("user", message.replace(PLACE, example.text()));
    return new Prompt(tokenizer.render(List.of(user), true), false);
  }
}
