package dev.sonde.packing;

import dev.sonde.api.UnsupportedCapabilityException;
import dev.sonde.api.model.GenerateRequest;
import java.util.List;

/** When generations end: after a stop token, or with the token that completes a stop string. */
public final class Stops {
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
    StringBuilder tail = new StringBuilder();
    int before = count - 1;
    while (before > 0 && tail.length() < text.length()) {
      tail.insert(0, pieces.get(generated[--before]));
    }
    int from = Math.max(0, tail.length() - text.length() + 1);
    return (tail.substring(from) + pieces.get(generated[count - 1])).contains(text);
  }
}
