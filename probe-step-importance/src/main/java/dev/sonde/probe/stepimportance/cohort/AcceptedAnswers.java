package dev.sonde.probe.stepimportance.cohort;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.answer.OwnAnswer;
import java.util.Optional;

/**
 * Which answers count.
 *
 * @param parser reads them
 * @param own whether the answer that counts is the one that the model gives behind the chain
 * @param column the column with the answer where it is the row's
 */
public record AcceptedAnswers(AnswerParser parser, boolean own, String column) {
  /** The answers of an experiment. */
  public static AcceptedAnswers of(Config config) {
    return new AcceptedAnswers(
        AnswerParser.named(config.string("parser")),
        config.string("answer").equals("own"),
        config.string("answer_column"));
  }

  /**
   * An answer that counts.
   *
   * @param text how it is written
   */
  record Accepted(Answer answer, String text) {}

  /** What counts for a row, if there is anything. */
  Optional<Accepted> of(Example example, OwnAnswer given) {
    if (own) {
      return given.answer().map(answer -> new Accepted(answer, answer.toString()));
    }
    if (!example.has(column)) {
      return Optional.empty();
    }
    String text = example.text(column).strip();
    return parser.read(text).map(answer -> new Accepted(answer, text));
  }
}
