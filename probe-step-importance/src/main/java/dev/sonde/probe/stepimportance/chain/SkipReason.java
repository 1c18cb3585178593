package dev.sonde.probe.stepimportance.chain;

import java.util.Locale;

/** Why a chain is left out; its name is {@code where.reason} in the report. */
public enum SkipReason {
  /** The row has no answer that could be read, or the model gives none. */
  NO_ANSWER("no answer could be read"),
  /** A single step, or none: there is nothing to choose from. */
  ONE_STEP("fewer than two steps"),
  /** The chain was cut at the largest number of tokens. */
  UNFINISHED("the chain does not end"),
  /** Chain, elicitation and answer do not fit into the model's context, or a step alone. */
  TOO_LONG("longer than the model's context"),
  /** A step whose characters all belong to tokens of its neighbours. */
  STEP_WITHOUT_TOKENS("a step has no token of its own"),
  /** The model answers without the chain. */
  UNNECESSARY("answered without the chain"),
  /** The whole chain does not lead to the answer. */
  NEVER_REACHED("the whole chain does not lead to the answer"),
  /** Without the steps that give the answer away the rest does not lead to it. */
  SHORTCUT("insufficient after shortcut removal"),
  /** Nothing bears on the root. */
  ZERO_INFLUENCE("no step has influence on the root"),
  /** A gradient was infinite or no number. */
  NON_FINITE("a gradient is not finite");

  private final String text;

  SkipReason(String text) {
    this.text = text;
  }

  /** A few words for people. */
  public String text() {
    return text;
  }

  /** Lower-case words joined by underscores. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
