package dev.sonde.probe.stepimportance.chain;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The steps of a chain without the tags around it: what opens a thought belongs to the prompt, and
 * the chain ends where the thought is closed. What is written behind that is no part of it.
 *
 * @param opening the tag with the white space around it; empty where there is none
 * @param steps the steps in between
 */
record Thought(String opening, List<String> steps) {
  /** What closes a thought. */
  static final String END = "</think>";

  private static final Pattern BEGIN = Pattern.compile("^\\s*<think>\\s*");

  Thought {
    steps = List.copyOf(steps);
  }

  /** A chain as one text. */
  static Thought of(String text, Segmentation segmentation) {
    String opening = opening(text);
    String inside = inside(text.substring(opening.length()));
    return new Thought(opening, inside.isBlank() ? List.of() : segmentation.cut(inside));
  }

  /** A chain as a list. */
  static Thought of(List<String> texts) {
    String opening = texts.isEmpty() ? "" : opening(texts.getFirst());
    List<String> steps = new ArrayList<>();
    for (String text : texts) {
      String rest = steps.isEmpty() ? text.substring(opening(text).length()) : text;
      String inside = inside(rest);
      if (!inside.isBlank()) {
        steps.add(inside);
      }
      if (rest.contains(END)) {
        break;
      }
    }
    return new Thought(opening, steps);
  }

  private static String opening(String text) {
    Matcher begin = BEGIN.matcher(text);
    return begin.find() ? begin.group() : "";
  }

  private static String inside(String text) {
    int end = text.indexOf(END);
    return end < 0 ? text : text.substring(0, end);
  }
}
