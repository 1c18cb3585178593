package dev.sonde.probe.stepimportance.chain;

import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The steps of a chain in the tokens of another tokenizer, found by character offsets.
 *
 * @param tokens prompt and chain
 * @param steps per step its tokens; empty where it begins or ends inside of a token, white space
 *     before the token's text apart
 */
public record Borders(int[] tokens, List<Optional<Step>> steps) {
  /** Borders with their list copied. */
  public Borders {
    steps = List.copyOf(steps);
  }

  /**
   * The borders of a chain.
   *
   * @param specialTokens whether the tokenizer adds its special tokens
   */
  public static Borders of(Tokenizer tokenizer, Chain chain, boolean specialTokens) {
    String text = chain.prompt() + chain.text();
    Encoding encoding = tokenizer.encode(text, specialTokens);
    List<Optional<Step>> steps = new ArrayList<>();
    int border = chain.prompt().length();
    int from = tokensUpTo(encoding, border);
    for (Step step : chain.steps()) {
      int next = border + step.text().length();
      int to = tokensUpTo(encoding, next);
      boolean mapped =
          from < to
              && isBetween(encoding, from, border, text)
              && isBetween(encoding, to, next, text);
      steps.add(mapped ? Optional.of(new Step(step.text(), from, to)) : Optional.empty());
      border = next;
      from = to;
    }
    return new Borders(Arrays.copyOf(encoding.ids(), from), steps);
  }

  private static int tokensUpTo(Encoding encoding, int border) {
    int token = 0;
    while (token < encoding.size() && encoding.ends()[token] <= border) {
      token++;
    }
    return token;
  }

  /** Whether the text between a border and the end of the token before it is but white space. */
  private static boolean isBetween(Encoding encoding, int token, int border, String text) {
    int end = token == 0 ? 0 : encoding.ends()[token - 1];
    return text.substring(end, border).isBlank();
  }
}
