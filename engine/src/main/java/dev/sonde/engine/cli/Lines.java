package dev.sonde.engine.cli;

import java.util.ArrayList;
import java.util.List;

/** Fits text to the width of a screen. */
final class Lines {
  private Lines() {}

  /**
   * Breaks a text between words.
   *
   * @param width columns; a word that is longer stands alone and sticks out
   * @param indent blanks before every line but the first
   */
  static List<String> wrapped(String text, int width, int indent) {
    List<String> lines = new ArrayList<>();
    String line = text;
    int from = 0;
    while (columns(line) > width) {
      int at = line.lastIndexOf(' ', fitting(line, width));
      if (at <= from) {
        at = line.indexOf(' ', Math.max(from, 1));
      }
      if (at < 0) {
        break;
      }
      lines.add(line.substring(0, at).stripTrailing());
      String rest = line.substring(at).stripLeading();
      if (rest.isEmpty()) {
        return lines;
      }
      line = " ".repeat(indent) + rest;
      from = indent;
    }
    lines.add(line);
    return lines;
  }

  /** A text that is cut where it is wider than a screen. */
  static String cut(String text, int width) {
    return columns(text) <= width
        ? text
        : text.substring(0, text.offsetByCodePoints(0, Math.max(0, width - 1))) + "…";
  }

  private static int columns(String text) {
    return text.codePointCount(0, text.length());
  }

  /** The last index at which a line may be broken. */
  private static int fitting(String line, int width) {
    return line.offsetByCodePoints(0, Math.min(width, columns(line)));
  }
}
