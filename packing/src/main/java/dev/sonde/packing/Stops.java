package dev.sonde.packing;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.GenerateRequest;
import java.util.List;

/**
 * When generations end: after a stop token, or with the token that completes a stop string. A stop
 * string that begins with a closing bracket counts only where that closes what stood open before
 * the generation: a bracket that the generation opened itself is closed first. A backslash takes
 * the bracket behind it out of the count, as in LaTeX.
 */
public final class Stops {
  private static final String OPENING = "{[(";
  private static final String CLOSING = "}])";

  private final int[] tokens;
  private final List<String> texts;
  private final List<String> pieces;

  /**
   * The stops of a request.
   *
   * @throws UnsupportedCapabilityException if it has stop strings, but does not say what tokens add
   *     to a text
   */
  public Stops(GenerateRequest request) {
    this.tokens = request.stopTokens();
    this.texts = request.stopStrings();
    this.pieces = request.pieces();
    if (!texts.isEmpty() && pieces.isEmpty()) {
      throw new UnsupportedCapabilityException(
          "the backend cannot stop at %s: the request does not say what each token adds to a text"
              .formatted(texts));
    }
  }

  /**
   * Whether a generation ends after the last of its tokens.
   *
   * @param generated its new tokens
   * @param count how many of them there are, at least one
   */
  public boolean after(int[] generated, int count) {
    for (int stop : tokens) {
      if (stop == generated[count - 1]) {
        return true;
      }
    }
    return texts.stream().anyMatch(text -> completes(text, generated, count));
  }

  /**
   * How many tokens there are up to and with the first that ends a generation; all if none does.
   */
  public int end(int... generated) {
    for (int count = 1; count < generated.length; count++) {
      if (after(generated, count)) {
        return count;
      }
    }
    return generated.length;
  }

  /** Whether the last token completes a text. */
  private boolean completes(String text, int[] generated, int count) {
    int bracket = CLOSING.indexOf(text.charAt(0));
    return completesAnywhere(text, generated, count)
        && (bracket < 0 || completesOutside(text, OPENING.charAt(bracket), generated, count));
  }

  private boolean completesAnywhere(String text, int[] generated, int count) {
    StringBuilder tail = new StringBuilder();
    int before = count - 1;
    while (before > 0 && tail.length() < text.length()) {
      tail.insert(0, pieces.get(generated[--before]));
    }
    int from = Math.max(0, tail.length() - text.length() + 1);
    return (tail.substring(from) + pieces.get(generated[count - 1])).contains(text);
  }

  /** The same outside of all brackets that the generation opened before. */
  private boolean completesOutside(String text, char opening, int[] generated, int count) {
    StringBuilder all = new StringBuilder();
    for (int token = 0; token < count; token++) {
      all.append(pieces.get(generated[token]));
    }
    int known = all.length() - pieces.get(generated[count - 1]).length();
    int depth = 0;
    for (int at = 0; at < all.length(); at++) {
      char character = all.charAt(at);
      if (character == '\\') {
        at++;
      } else if (character == opening) {
        depth++;
      } else if (character == text.charAt(0)) {
        if (depth == 0 && at + text.length() > known && all.indexOf(text, at) == at) {
          return true;
        }
        depth = Math.max(0, depth - 1);
      }
    }
    return false;
  }
}
