package dev.sonde.probe.linear;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import dev.sonde.trials.AnswerOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Questions with options that have nothing to do with the direction, as a second guard: a model
 * that steering wrecks answers them no longer. The option that is most probable per token counts as
 * the answer; every token is steered.
 *
 * @param unsteered per question 1 where the right option is the most probable, else 0
 * @param steered the same under the dose
 */
record ChoiceGuard(double[] unsteered, double[] steered) {
  private static final String OPTIONS = "choices";

  /**
   * Asks the questions of a set, as they are and steered.
   *
   * @param answers the column with the right option, as it stands in {@code choices}, or its letter
   * @throws InvalidInputException if a row has no options, or none of them is right
   */
  static ChoiceGuard of(
      Model model, Study study, String answers, Steer steer, Dose dose, List<HookPoint> points) {
    List<Sequence> sequences = new ArrayList<>();
    List<Intervention> changes = dose.along(steer, points, Selector.all());
    List<AnswerOptions> questions = new ArrayList<>();
    for (Example example : study.examples()) {
      AnswerOptions options = options(study, example, answers);
      questions.add(options);
      List<Sequence> each = options.sequences(model.tokenizer(), example);
      sequences.addAll(each);
      each.forEach(sequence -> sequences.add(sequence.intervene(changes)));
    }
    List<double[]> scores = List.of(model.logProbabilities(sequences));
    double[] unsteered = new double[questions.size()];
    double[] steered = new double[questions.size()];
    int first = 0;
    for (int row = 0; row < unsteered.length; row++) {
      int between = first + questions.get(row).texts().size();
      int end = between + questions.get(row).texts().size();
      int right = questions.get(row).right();
      unsteered[row] = AnswerOptions.chosen(scores.subList(first, between)) == right ? 1 : 0;
      steered[row] = AnswerOptions.chosen(scores.subList(between, end)) == right ? 1 : 0;
      first = end;
    }
    return new ChoiceGuard(unsteered, steered);
  }

  private static AnswerOptions options(Study study, Example example, String answers) {
    try {
      return AnswerOptions.of(example, OPTIONS, answers);
    } catch (InvalidInputException e) {
      throw new InvalidInputException(
          "steer_guard: %s: %s".formatted(study.name(), e.getMessage()), e);
    }
  }

  /** The share of questions that steering makes wrong, less those it makes right. */
  Estimate lost(ClusterBootstrap questions) {
    double[] lost = new double[unsteered.length];
    Arrays.setAll(lost, row -> unsteered[row] - steered[row]);
    return questions.mean(lost);
  }

  /** The share answered right as the model is. */
  double before() {
    return Arrays.stream(unsteered).average().orElse(Double.NaN);
  }
}
