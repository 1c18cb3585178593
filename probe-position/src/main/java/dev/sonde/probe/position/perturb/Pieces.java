package dev.sonde.probe.position.perturb;

import dev.sonde.api.text.Tokenizer;
import java.util.stream.IntStream;

/**
 * Where words and sentences begin among tokens, by what the tokenizer calls each. Where no token
 * shows a blank before it, every token is a word.
 */
final class Pieces {
  private Pieces() {}

  /** Where each word begins, and the end. */
  static int[] words(Tokenizer tokenizer, int[] ids) {
    boolean blanks = IntStream.of(ids).anyMatch(id -> beginsWord(tokenizer.token(id)));
    return starts(
        ids.length,
        place ->
            !blanks
                || beginsWord(tokenizer.token(ids[place]))
                || endsLine(tokenizer.token(ids[place - 1]))
                || endsLine(tokenizer.token(ids[place])));
  }

  /** Where each sentence begins, and the end. */
  static int[] sentences(Tokenizer tokenizer, int[] ids) {
    return starts(ids.length, place -> endsSentence(tokenizer.token(ids[place - 1])));
  }

  private interface Begins {
    boolean at(int place);
  }

  private static int[] starts(int tokens, Begins begins) {
    return IntStream.rangeClosed(0, tokens)
        .filter(place -> place == 0 || place == tokens || begins.at(place))
        .toArray();
  }

  /** By a blank, or by what byte-level and piece vocabularies write for one. */
  private static boolean beginsWord(String token) {
    return !token.isEmpty()
        && (token.charAt(0) == ' ' || token.charAt(0) == '\u0120' || token.charAt(0) == '\u2581');
  }

  private static boolean endsLine(String token) {
    return token.indexOf('\n') >= 0 || token.indexOf('\u010a') >= 0;
  }

  private static boolean endsSentence(String token) {
    return endsLine(token) || token.endsWith(".") || token.endsWith("?") || token.endsWith("!");
  }
}
