package dev.sonde.probe.linear.answers;

import dev.sonde.answers.AnswerParser;
import dev.sonde.answers.Brackets;
import dev.sonde.api.config.Config;
import dev.sonde.api.model.Sampling;
import dev.sonde.trials.NewTokens;
import java.util.List;
import java.util.Optional;

/**
 * What the model is asked for.
 *
 * @param column of accepted answers; empty where nothing is judged
 * @param parser reads the answer of a text
 * @param choices the column of options; empty where the model writes
 * @param elicitation a text between prompt and answer
 * @param samples answers a row
 * @param way how tokens are chosen
 * @param tokens most tokens of an answer
 * @param stops texts that end an answer
 * @param sets further data sets that are answered
 */
record AskedFor(
    Optional<String> column,
    AnswerParser parser,
    Optional<String> choices,
    String elicitation,
    int samples,
    Sampling way,
    int tokens,
    List<String> stops,
    List<String> sets) {
  static final String ANSWER = "answer";
  static final String PARSER = "parser";
  static final String CHOICES = "choices";
  static final String ELICITATION = "elicitation";
  static final String SAMPLES = "samples";
  static final String TEMPERATURE = "temperature";
  static final String TOP_P = "top_p";
  static final String TOKENS = "tokens";
  static final String STOPS = "stops";
  static final String SETS = "sets";

  private static final char BOX_END = '}';

  /**
   * The settings of an experiment.
   *
   * @throws dev.sonde.api.InvalidInputException if they contradict each other
   */
  static AskedFor of(Config config) {
    for (String key : List.of(SAMPLES, TOKENS)) {
      if (config.integer(key) < 1) {
        throw config.error(key, "must be at least 1");
      }
    }
    int samples = config.integer(SAMPLES);
    double temperature = config.real(TEMPERATURE);
    if (!(temperature >= 0) || Double.isInfinite(temperature)) {
      throw config.error(TEMPERATURE, "must be at least 0");
    }
    double share = config.real(TOP_P);
    if (!(share > 0 && share <= 1)) {
      throw config.error(TOP_P, "must be above 0 and at most 1");
    }
    if (config.strings(STOPS).contains("")) {
      throw config.error(STOPS, "an empty text would end every answer");
    }
    if (config.has(CHOICES)) {
      if (!config.has(ANSWER)) {
        throw config.error(CHOICES, "needs answer, the column that says which option is right");
      }
      if (samples > 1) {
        throw config.error(SAMPLES, "a choice by probability is made once; leave choices out");
      }
      if (!config.string(ELICITATION).isEmpty()) {
        throw config.error(ELICITATION, "options follow the prompt itself; put it into the prompt");
      }
    } else if (samples > 1 && temperature == 0) {
      throw config.error(
          SAMPLES, "%d greedy answers are all the same; set temperature".formatted(samples));
    } else if (samples == 1 && !config.has(ANSWER)) {
      throw config.error(
          SAMPLES,
          "one answer that is held against nothing makes no label: name answer, the column with the accepted ones, or ask for several samples");
    }
    return new AskedFor(
        config.has(ANSWER) ? Optional.of(config.string(ANSWER)) : Optional.empty(),
        AnswerParser.named(config.string(PARSER)),
        config.has(CHOICES) ? Optional.of(config.string(CHOICES)) : Optional.empty(),
        config.string(ELICITATION),
        samples,
        Sampling.temperature(temperature).topP(share),
        config.integer(TOKENS),
        config.strings(STOPS),
        config.strings(SETS));
  }

  /** Whether the elicitation opens a box, in which the answer then stands. */
  boolean boxed() {
    return Brackets.leavesOpen(elicitation, BOX_END);
  }

  /** What is read of a written text: up to the first stop, or the whole of a box. */
  Optional<String> read(String written) {
    if (!boxed()) {
      return Optional.of(NewTokens.before(written, stops));
    }
    // a box that was not closed may hold half an answer
    return Brackets.closes(written, BOX_END).stream()
        .mapToObj(end -> elicitation + written.substring(0, end + 1))
        .findFirst();
  }
}
