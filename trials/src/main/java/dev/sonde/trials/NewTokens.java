package dev.sonde.trials;

import dev.sonde.api.text.Tokenizer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** What a model writes behind given tokens. */
public final class NewTokens {
  private NewTokens() {}

  /** The given tokens and those behind them. */
  public static int[] joined(int[] given, int... behind) {
    int[] both = Arrays.copyOf(given, given.length + behind.length);
    System.arraycopy(behind, 0, both, given.length, behind.length);
    return both;
  }

  /**
   * Generated tokens without one that ends the text.
   *
   * @param ends the model's tokens that do
   */
  public static int[] withoutEnd(int[] ends, int... tokens) {
    return ended(ends, tokens) ? Arrays.copyOf(tokens, tokens.length - 1) : tokens;
  }

  /** Whether the last of generated tokens ends the text. */
  public static boolean ended(int[] ends, int... tokens) {
    return tokens.length > 0
        && IntStream.of(ends).anyMatch(end -> end == tokens[tokens.length - 1]);
  }

  /** What tokens add to a prompt's text: decoded alone, some lose their leading space. */
  public static String text(Tokenizer tokenizer, int[] prompt, int... added) {
    String before = tokenizer.decode(prompt);
    String all = tokenizer.decode(joined(prompt, added));
    return all.startsWith(before) ? all.substring(before.length()) : tokenizer.decode(added);
  }

  /** A text up to the first of some stops; the whole of it where none stands in it. */
  public static String before(String text, List<String> stops) {
    int end =
        stops.stream().mapToInt(text::indexOf).filter(at -> at >= 0).min().orElse(text.length());
    return text.substring(0, end);
  }
}
