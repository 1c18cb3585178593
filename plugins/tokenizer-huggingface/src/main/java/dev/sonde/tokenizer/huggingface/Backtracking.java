package dev.sonde.tokenizer.huggingface;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Whether a regular expression repeats without bound a group that itself repeats without bound, as
 * {@code (a+)+} does: a backtracking engine tries all ways to part a text between the two.
 */
final class Backtracking {
  private final String regex;
  private int at;

  private Backtracking(String regex) {
    this.regex = regex;
  }

  /** Whether some texts take time that doubles with each character. */
  static boolean isExponential(String regex) {
    return new Backtracking(regex).scan();
  }

  private boolean scan() {
    Deque<Boolean> repeats = new ArrayDeque<>(); // per open group: whether it repeats something
    Deque<Boolean> atomic = new ArrayDeque<>(); // per open group: whether it is tried one way only
    repeats.push(false);
    atomic.push(false);
    boolean group = false; // whether a group has just been closed
    boolean inner = false; // whether that group repeats something
    while (at < regex.length()) {
      char c = regex.charAt(at);
      if (c == '(') {
        atomic.push(regex.startsWith("(?>", at));
        repeats.push(false);
        at++;
        group = false;
      } else if (c == ')' && repeats.size() > 1) {
        boolean one = atomic.pop();
        inner = repeats.pop() && !one;
        group = true;
        at++;
        if (inner) {
          mark(repeats);
        }
      } else if (isUnbounded()) {
        boolean possessive = quantifier();
        if (group && inner && !possessive) {
          return true;
        }
        if (!possessive) {
          mark(repeats);
        }
        group = false;
      } else if (c == '{') {
        // At most so often: the group stays what it is, for a quantifier behind.
        at = end('}');
      } else {
        skipAtom(c);
        group = false;
      }
    }
    return false;
  }

  private static void mark(Deque<Boolean> repeats) {
    repeats.pop();
    repeats.push(true);
  }

  private boolean isUnbounded() {
    char c = regex.charAt(at);
    return c == '*' || c == '+' || (c == '{' && regex.substring(at).matches("(?s)\\{\\d*,}.*"));
  }

  /** Passes over a quantifier without bound; whether it gives nothing back. */
  private boolean quantifier() {
    at = regex.charAt(at) == '{' ? end('}') : at + 1;
    boolean possessive = at < regex.length() && regex.charAt(at) == '+';
    if (possessive || (at < regex.length() && regex.charAt(at) == '?')) {
      at++;
    }
    return possessive;
  }

  private void skipAtom(char c) {
    if (c == '\\') {
      boolean named =
          regex.startsWith("\\p{", at)
              || regex.startsWith("\\P{", at)
              || regex.startsWith("\\x{", at);
      at = named ? end('}') : Math.min(regex.length(), at + 2);
    } else if (c == '[') {
      skipClass();
    } else {
      at++;
    }
  }

  /** A class of characters, classes within it and escapes. */
  private void skipClass() {
    int depth = 0;
    do {
      char c = regex.charAt(at);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      at += c == '\\' ? 2 : 1;
    } while (depth > 0 && at < regex.length());
    at = Math.min(at, regex.length());
  }

  private int end(char closing) {
    int found = regex.indexOf(closing, at);
    return found < 0 ? regex.length() : found + 1;
  }
}
