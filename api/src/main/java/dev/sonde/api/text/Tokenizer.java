package dev.sonde.api.text;

import dev.sonde.api.ApiStatus;
import dev.sonde.api.UnsupportedCapabilityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns text into token ids and back. Safe for use from several threads. */
@ApiStatus(value = ApiStatus.Level.EXPERIMENTAL, since = "0.1")
public interface Tokenizer extends AutoCloseable {
  /**
   * The tokens of a text.
   *
   * @param specialTokens whether to add what the tokenizer's own template adds (such as BOS)
   */
  Encoding encode(String text, boolean specialTokens);

  /** The text of tokens, special tokens left out. */
  String decode(int[] ids);

  /** The text of one token, special or not. */
  String token(int id);

  /**
   * What each token adds to a text in the midst of it, special tokens nothing; where a token holds
   * a part of a character only, a replacement character.
   *
   * @param vocabulary number of tokens
   */
  default List<String> pieces(int vocabulary) {
    List<String> pieces = new ArrayList<>();
    for (int id = 0; id < vocabulary; id++) {
      String once = decode(new int[] {id}); // a decoder may drop the space before the first word
      String twice = decode(new int[] {id, id});
      pieces.add(twice.startsWith(once) ? twice.substring(once.length()) : "");
    }
    return pieces;
  }

  /** The chat template that the model brings, as it is written; empty where there is none. */
  default Optional<String> chatTemplate() {
    return Optional.empty();
  }

  /**
   * The text that the model's chat template makes of a conversation. Special tokens stand in it
   * where the model expects them: encode it without adding any.
   *
   * @param addGenerationPrompt whether the text ends where the model's answer begins
   * @throws UnsupportedCapabilityException if the model brings no chat template
   * @throws dev.sonde.api.InvalidInputException if the template refuses the conversation, with what
   *     it says
   */
  default String render(List<Message> messages, boolean addGenerationPrompt) {
    throw new UnsupportedCapabilityException("the model brings no chat template");
  }

  /**
   * As {@link #render(List, boolean)}, with variables that the template reads beside the messages,
   * such as {@code enable_thinking}.
   *
   * @param variables by name, as JSON has values: texts, numbers, booleans, lists, maps
   * @throws UnsupportedCapabilityException also if there are variables and the tokenizer hands none
   *     to its template
   */
  default String render(
      List<Message> messages, boolean addGenerationPrompt, Map<String, Object> variables) {
    if (variables.isEmpty()) {
      return render(messages, addGenerationPrompt);
    }
    throw new UnsupportedCapabilityException(
        "the tokenizer hands no variables to the chat template: " + variables.keySet());
  }

  /**
   * What a user should know of how texts become tokens: what the model's files left open, and what
   * was taken instead. One sentence each.
   */
  default List<String> notes() {
    return List.of();
  }

  @Override
  void close();
}
