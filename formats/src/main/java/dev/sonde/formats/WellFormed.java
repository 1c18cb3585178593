package dev.sonde.formats;

import java.util.OptionalInt;

/**
 * Texts that can be written as UTF-8. JSON can hold half a surrogate pair, which is no character:
 * what a text that was cut inside of one ends with.
 */
public final class WellFormed {
  private static final char REPLACEMENT = '\uFFFD';

  private WellFormed() {}

  /** The text with a replacement character for each half, which leaves every place as it was. */
  public static String of(String text) {
    OptionalInt first = firstHalf(text, 0);
    if (first.isEmpty()) {
      return text;
    }
    StringBuilder mended = new StringBuilder(text);
    for (OptionalInt half = first; half.isPresent(); half = firstHalf(text, half.getAsInt() + 1)) {
      mended.setCharAt(half.getAsInt(), REPLACEMENT);
    }
    return mended.toString();
  }

  /** The place of the first half, in UTF-16 units; empty where there is none. */
  public static OptionalInt firstHalf(String text) {
    return firstHalf(text, 0);
  }

  private static OptionalInt firstHalf(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        boolean second = i > 0 && Character.isSurrogatePair(text.charAt(i - 1), text.charAt(i));
        if (pair) {
          i++;
        } else if (!second) {
          return OptionalInt.of(i);
        }
      }
    }
    return OptionalInt.empty();
  }
}
