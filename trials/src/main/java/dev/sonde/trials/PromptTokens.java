package dev.sonde.trials;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.text.Tokenizer;
import java.util.Arrays;

/**
 * A prompt as the model is fed it, and answers behind it.
 *
 * @param tokenizer of the model
 * @param example the row
 * @param tokens of the row's text
 */
public record PromptTokens(Tokenizer tokenizer, Example example, int[] tokens) {
  /** The prompt of a row. */
  public static PromptTokens of(Tokenizer tokenizer, Example example) {
    return new PromptTokens(
        tokenizer, example, tokenizer.encode(example.text(), example.specialTokens()).ids());
  }

  /**
   * Prompt and answer as one text is encoded.
   *
   * @throws InvalidInputException if the answer has no token
   */
  public Answered with(String answer) {
    int[] both = tokenizer.encode(example.text() + answer, example.specialTokens()).ids();
    int same = Arrays.mismatch(both, tokens);
    if (both.length == 0 || same < 0) {
      throw new InvalidInputException(
          "row '%s': the answer '%s' has no token".formatted(example.id(), answer));
    }
    return new Answered(both, Math.max(1, Math.min(same, both.length - 1)));
  }

  /**
   * The first token of an answer that follows the prompt as both stand; as the answer is encoded by
   * itself where the two run into one token.
   *
   * @throws InvalidInputException if the answer has no token
   */
  public int firstOf(String answer) {
    int[] both = tokenizer.encode(example.text() + answer, example.specialTokens()).ids();
    if (both.length > tokens.length && Arrays.mismatch(both, tokens) == tokens.length) {
      return both[tokens.length];
    }
    int[] alone = tokenizer.encode(answer, false).ids();
    if (alone.length == 0) {
      throw new InvalidInputException(
          "row '%s': the answer '%s' has no token".formatted(example.id(), answer));
    }
    return alone[0];
  }

  /**
   * A prompt with an answer behind it.
   *
   * @param tokens of both
   * @param from the first token of the answer, at least 1: where answer and prompt run into one
   *     token, that token
   */
  public record Answered(int[] tokens, int from) {}
}
