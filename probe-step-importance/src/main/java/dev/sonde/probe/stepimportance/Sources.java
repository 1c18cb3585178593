package dev.sonde.probe.stepimportance;

import dev.sonde.probe.stepimportance.chain.Segmentation;
import java.util.List;

/**
 * Where chains and their answers come from.
 *
 * @param chat whether prompts go through the model's chat template
 * @param message the user's message of such a conversation, {@code {prompt}} in the prompt's place
 * @param stepsColumn the column with a chain's steps
 * @param chainColumn the column with a chain as one text
 * @param answerColumn the column with the answer
 * @param ownAnswer whether the answer that counts is the one that the model gives behind the chain
 * @param separator what stands before each step of a list
 * @param segmentation where texts are cut into steps
 * @param mostTokens the most tokens of a generated chain
 * @param stops texts at which a generated chain ends
 * @param keepUnfinished whether a chain that was cut at the most tokens is used
 */
record Sources(
    boolean chat,
    String message,
    String stepsColumn,
    String chainColumn,
    String answerColumn,
    boolean ownAnswer,
    String separator,
    Segmentation segmentation,
    int mostTokens,
    List<String> stops,
    boolean keepUnfinished) {
  /** The place of the prompt in the message. */
  static final String PLACE = "{prompt}";

  Sources {
    stops = List.copyOf(stops);
  }
}
