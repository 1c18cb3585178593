package dev.sonde.probe.stepimportance.answer;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Setting;
import dev.sonde.api.config.Settings;
import java.util.List;

/** Settings that all probes on chains have in common. */
public final class ChainSettings {
  private static final String BOX = "\\boxed{";
  private static final String ANSWER_IN_BOX = Elicitation.Wording.PLACE + "}";

  private ChainSettings() {}

  /** Where chains come from, and how models are asked. */
  public static Settings sources(Settings before) {
    return before
        .string("answer_column", "answer", "the column with the row's answer")
        .choice("parser", AnswerParser.NAMES, "math", "how answers are read")
        .string("steps", "steps", "the column with the chain as a list of steps")
        .string(
            "chain",
            "chain",
            "the column with the chain as one text, for rows without a list of steps; the model"
                + " writes the chains of rows that have neither")
        .string(
            "separator",
            " ",
            "the text before each step of a list that white space does not set apart")
        .string(
            "segmentation",
            "sentences",
            "how a text is cut into steps: sentences (in any script, with lists, formulas and code"
                + " kept whole), authors (the rule of the paper's code), lines, or"
                + " regex:EXPRESSION, which matches the ends of steps")
        .integer("chain_tokens", 512, "maximum tokens of a chain that the model writes")
        .strings("chain_stops", List.of(), "texts that end such a chain")
        .choice(
            "unfinished",
            List.of("skip", "keep"),
            "skip",
            "what happens to a chain that was cut off at chain_tokens")
        .choice(
            "chat",
            List.of("auto", "never"),
            "auto",
            "whether prompts go through the model's chat template, if it has one")
        .string(
            "chat_message",
            "Solve the problem step by step. Put the final answer within \\boxed{}.\n\n{prompt}",
            "the user's message; {prompt} is replaced by the prompt");
  }

  /** How answers are asked for. */
  public static Settings asking(Settings before) {
    return before
        .string("elicitation", "\n\nSo the answer is " + BOX, "the text that asks for the answer")
        .optional(
            "empty_elicitation",
            Setting.Type.STRING,
            "the same if no step is kept; the authors' code uses a different text there")
        .string(
            "answer_form",
            ANSWER_IN_BOX,
            "how an answer follows it; {answer} is replaced by the answer")
        .strings(
            "stops",
            List.of("}"),
            "texts that end an answer; one that begins with a closing bracket ends it where that"
                + " closes what stood open before the answer")
        .integer(
            "answer_tokens", 0, "maximum tokens of an answer; 0 for twice those of the right one")
        .string(
            "chat_elicitation", "\n\nSo the answer is " + BOX, "elicitation after a chat prompt")
        .string("chat_answer_form", ANSWER_IN_BOX, "answer_form after a chat prompt")
        .strings("chat_stops", List.of("}"), "stops after a chat prompt")
        .integer("chat_answer_tokens", 0, "answer_tokens after a chat prompt")
        .integer("samples", 5, "answers sampled per subsequence (K)")
        .real("temperature", 0.6, "sampling temperature")
        .real("top_p", 0.95, "the share of probability that is sampled from (nucleus sampling)");
  }
}
