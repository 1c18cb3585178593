package dev.sonde.probe.stepimportance.search;

import dev.sonde.answers.AnswerParser;
import dev.sonde.api.model.Sampling;
import java.util.List;

/**
 * How subsequences are tested.
 *
 * @param parser reads answers
 * @param elicitation σ, the text that asks for the answer behind kept steps
 * @param emptyElicitation the same where no step is kept
 * @param answerForm how an answer stands behind the elicitation, {@code {answer}} in its place
 * @param stops texts at which an answer ends
 * @param answerTokens the most tokens of an answer; 0 for twice those of the accepted one
 * @param samples K
 * @param sampling how answers are drawn
 * @param tau what both tests must reach
 * @param wholeText whether perplexities are of prompt and steps, not of the steps alone
 * @param referenceAfterShortcuts whether the chain that attainability is measured against is the
 *     one without shortcuts
 */
public record TestSettings(
    AnswerParser parser,
    String elicitation,
    String emptyElicitation,
    String answerForm,
    List<String> stops,
    int answerTokens,
    int samples,
    Sampling sampling,
    double tau,
    boolean wholeText,
    boolean referenceAfterShortcuts) {
  /** The place of the answer in the answer's form. */
  public static final String PLACE = "{answer}";

  /** Settings with their list copied. */
  public TestSettings {
    stops = List.copyOf(stops);
  }
}
