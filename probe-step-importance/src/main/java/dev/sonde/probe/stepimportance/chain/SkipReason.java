package dev.sonde.probe.stepimportance.chain;

import java.util.Locale;

/** Why a chain is left out; its name is {@code where.reason} in the report. */
public enum SkipReason {
  /** The row has no answer that could be read, or the model gives none. */
  NO_ANSWER(
      "no answer could be read",
      "look at the column that answer_column names and at parser; with answer: own, at elicitation,"
          + " answer_form and stops"),
  /** The row's chain is there and holds nothing. */
  EMPTY("the chain is empty", "leave the column out of the row and the model writes the chain"),
  /** A text where a list of steps is wanted. */
  TEXT_FOR_LIST(
      "the column of steps holds one text, no list",
      "name that column as chain, and it is cut into steps: chain: COLUMN, steps: none"),
  /** A single step, or none: there is nothing to choose from. */
  ONE_STEP(
      "fewer than two steps",
      "choose another segmentation, or give the steps as a list in the column steps"),
  /** The chain was cut at the largest number of tokens. */
  UNFINISHED("the chain does not end", "raise chain_tokens, or keep such chains: unfinished: keep"),
  /** Chain, elicitation and answer do not fit into the model's context, or a step alone. */
  TOO_LONG("longer than the model's context", "take a model with a longer context"),
  /** A step whose characters all belong to tokens of its neighbours. */
  STEP_WITHOUT_TOKENS(
      "a step has no token of its own", "put a space or another separator between steps"),
  /** The model answers without the chain. */
  UNNECESSARY("answered without the chain", "lower necessity, down to 0 to keep every such chain"),
  /** The whole chain does not lead to the answer. */
  NEVER_REACHED(
      "the whole chain does not lead to the answer",
      "look at the answers beside this: is it the elicitation, the parser, or the model? answer:"
          + " own takes what the model answers itself, a lower tau asks for less"),
  /** Without the steps that give the answer away the rest does not lead to it. */
  SHORTCUT(
      "insufficient after shortcut removal",
      "shortcuts: words or none removes fewer steps, spare_answer_step keeps the answer's"),
  /** The file of rankings has none for the row. */
  UNRANKED("no ranking", "add a row with its id to the set of rankings, or leave the variant out"),
  /** Nothing bears on the root. */
  ZERO_INFLUENCE("no step has influence on the root", "take another root"),
  /** A gradient was infinite or no number. */
  NON_FINITE("a gradient is not finite", "open the model in float32");

  private final String text;
  private final String remedy;

  SkipReason(String text, String remedy) {
    this.text = text;
    this.remedy = remedy;
  }

  /** A few words for people. */
  public String text() {
    return text;
  }

  /** What a user can do. */
  public String remedy() {
    return remedy;
  }

  /** Lower-case words joined by underscores. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
