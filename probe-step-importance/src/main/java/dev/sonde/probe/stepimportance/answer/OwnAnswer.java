package dev.sonde.probe.stepimportance.answer;

import dev.sonde.answers.Answer;
import java.util.Optional;

/**
 * What a model answers of its own accord.
 *
 * @param answer empty where none could be read
 * @param tokens what it wrote behind the elicitation
 */
public record OwnAnswer(Optional<Answer> answer, int... tokens) {}
