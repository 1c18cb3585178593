package dev.sonde.answers;

import java.util.OptionalInt;

/** Which brackets belong together. A backslash takes the bracket behind it out, as in LaTeX. */
public final class Brackets {
  private static final String OPENING = "{[(";
  private static final String CLOSING = "}])";

  private Brackets() {}

  /** Whether a character closes a bracket. */
  public static boolean isClosing(char character) {
    return CLOSING.indexOf(character) >= 0;
  }

  /**
   * Where a text closes what stood open before it.
   *
   * @param closing a closing bracket; those of other kinds do not count
   * @return the index of the bracket that does; empty if none does
   */
  public static OptionalInt closes(String text, char closing) {
    return closes(text, 0, closing);
  }

  static OptionalInt closes(String text, int from, char closing) {
    char opening = OPENING.charAt(CLOSING.indexOf(closing));
    int depth = 0;
    for (int at = from; at < text.length(); at++) {
      char character = text.charAt(at);
      if (character == '\\') {
        at++;
      } else if (character == opening) {
        depth++;
      } else if (character == closing && --depth < 0) {
        return OptionalInt.of(at);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Whether a text opens a bracket that it does not close.
   *
   * @param closing the bracket that would close it
   */
  public static boolean leavesOpen(String text, char closing) {
    char opening = OPENING.charAt(CLOSING.indexOf(closing));
    for (int at = text.indexOf(opening); at >= 0; at = text.indexOf(opening, at + 1)) {
      boolean escaped = at > 0 && text.charAt(at - 1) == '\\';
      if (!escaped && closes(text, at + 1, closing).isEmpty()) {
        return true;
      }
    }
    return false;
  }
}
