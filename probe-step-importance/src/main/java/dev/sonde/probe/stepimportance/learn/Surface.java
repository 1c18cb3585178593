package dev.sonde.probe.stepimportance.learn;

import java.util.List;
import java.util.regex.Pattern;

/** What can be counted of a step without a model. */
public final class Surface {
  /** The features in order. */
  public static final List<String> NAMES =
      List.of(
          "relative_position",
          "tokens",
          "numbers",
          "operators",
          "filler",
          "verification",
          "planning",
          "computation",
          "fact_retrieval");

  private static final Pattern NUMBER = Pattern.compile("\\d+(?:\\.\\d+)?");
  private static final Pattern OPERATOR =
      Pattern.compile("[-+*/=<>^\u00d7\u00f7]|\\\\(?:times|cdot|frac)");

  /**
   * Words that steps of a kind begin or turn with, one expression per kind, as the paper names
   * them.
   */
  private static final List<Pattern> PHRASES =
      List.of(
          words("hmm|okay|ok|well|alright|so yeah|wait"),
          words("check|verify|double-check|make sure|confirm|indeed|correct"),
          words("let me|let's|first|next|we need|i need|plan|approach|strategy|start"),
          words("compute|calculate|equals|multiply|divide|subtract|add|sum|simplify|substitute"),
          words("recall|remember|known|by definition|formula|theorem|given|states"));

  private Surface() {}

  private static Pattern words(String alternatives) {
    return Pattern.compile("\\b(?:" + alternatives + ")\\b", Pattern.CASE_INSENSITIVE);
  }

  /**
   * The features of a step.
   *
   * @param position the step's place in its chain, from 0 to 1
   */
  public static double[] of(String text, int tokens, double position) {
    double[] features = new double[NAMES.size()];
    int next = 0;
    features[next++] = position;
    features[next++] = tokens;
    features[next++] = NUMBER.matcher(text).results().count();
    features[next++] = OPERATOR.matcher(text).results().count();
    for (Pattern phrase : PHRASES) {
      features[next++] = phrase.matcher(text).find() ? 1 : 0;
    }
    return features;
  }
}
