package dev.sonde.probe.stepimportance.chain;

import dev.sonde.api.text.Encoding;
import dev.sonde.api.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the tokens of steps by character offsets. */
public final class StepTokens {
  /** What stands before a text whose tokens are wanted in the midst of another. */
  private static final String BEFORE = ".";

  private StepTokens() {}

  /**
   * A chain with its tokens: prompt and steps are encoded as one text, and a token belongs to the
   * step that holds its last character.
   *
   * @param steps texts that lie end to end
   * @return empty if a step has no token of its own
   */
  public static Optional<Chain> chain(
      Tokenizer tokenizer,
      String id,
      String group,
      String prompt,
      boolean specialTokens,
      List<String> steps) {
    Encoding encoding = tokenizer.encode(prompt + String.join("", steps), specialTokens);
    List<Step> found = new ArrayList<>();
    int token = 0;
    int end = prompt.length();
    while (token < encoding.size() && encoding.ends()[token] <= end) {
      token++;
    }
    int promptTokens = token;
    for (String text : steps) {
      end += text.length();
      int from = token;
      while (token < encoding.size() && encoding.ends()[token] <= end) {
        token++;
      }
      if (token == from) {
        return Optional.empty();
      }
      found.add(new Step(text, from, token));
    }
    int[] ids = Arrays.copyOf(encoding.ids(), token);
    return promptTokens == 0
        ? Optional.empty()
        : Optional.of(new Chain(id, group, prompt, promptTokens, ids, found));
  }

  /** The tokens of a text that stands behind others. */
  public static int[] inside(Tokenizer tokenizer, String text) {
    Encoding encoding = tokenizer.encode(BEFORE + text, false);
    int from = 0;
    while (from < encoding.size() && encoding.ends()[from] <= BEFORE.length()) {
      from++;
    }
    return Arrays.copyOfRange(encoding.ids(), from, encoding.size());
  }
}
