package dev.sonde.probe.linear;

import dev.sonde.api.InvalidInputException;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.api.model.HookPoint;
import dev.sonde.api.model.Intervention;
import dev.sonde.api.model.Selector;
import dev.sonde.api.model.Sequence;
import dev.sonde.api.probe.Model;
import dev.sonde.api.text.Tokenizer;
import dev.sonde.statistics.ClusterBootstrap;
import dev.sonde.statistics.Estimate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

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
    int[] options = new int[study.size()];
    int[] right = new int[study.size()];
    for (int row = 0; row < options.length; row++) {
      Example example = study.examples().get(row);
      List<String> choices = choices(study, example);
      options[row] = choices.size();
      right[row] = right(study, example, choices, answers);
      for (String choice : choices) {
        Sequence sequence = sequence(model.tokenizer(), example, choice);
        sequences.add(sequence);
        sequences.add(sequence.intervene(changes));
      }
    }
    double[][] scores = model.logProbabilities(sequences);
    double[] unsteered = new double[options.length];
    double[] steered = new double[options.length];
    int first = 0;
    for (int row = 0; row < options.length; row++) {
      unsteered[row] = best(scores, first, options[row]) == right[row] ? 1 : 0;
      steered[row] = best(scores, first + 1, options[row]) == right[row] ? 1 : 0;
      first += 2 * options[row];
    }
    return new ChoiceGuard(unsteered, steered);
  }

  private static List<String> choices(Study study, Example example) {
    List<String> choices = example.has(OPTIONS) ? example.texts(OPTIONS) : List.of();
    if (choices.size() < 2) {
      throw new InvalidInputException(
          "row '%s' of %s: steer_guard needs a column '%s' with a list of options"
              .formatted(example.id(), study.name(), OPTIONS));
    }
    return choices;
  }

  private static int right(Study study, Example example, List<String> choices, String answers) {
    String answer = example.text(answers).strip();
    int named = choices.stream().map(String::strip).toList().indexOf(answer);
    String letter = answer.toUpperCase(Locale.ROOT);
    int lettered = letter.length() == 1 ? letter.charAt(0) - 'A' : -1;
    int right = named >= 0 ? named : lettered;
    if (right < 0 || right >= choices.size()) {
      throw new InvalidInputException(
          "row '%s' of %s: the answer '%s' is none of the options"
              .formatted(example.id(), study.name(), answer));
    }
    return right;
  }

  private static Sequence sequence(Tokenizer tokenizer, Example example, String choice) {
    int[] prompt = AnswerTokens.prompt(tokenizer, example);
    int[] both = tokenizer.encode(example.text() + choice, example.specialTokens()).ids();
    int mismatch = Arrays.mismatch(both, prompt);
    int from = mismatch < 0 ? both.length - 1 : Math.min(mismatch, both.length - 1);
    return Sequence.of(both).scoreFrom(Math.max(1, from));
  }

  /** The option whose tokens are the most probable, the first where several are. */
  private static int best(double[][] scores, int first, int options) {
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int option = 0; option < options; option++) {
      double mean = Arrays.stream(scores[first + 2 * option]).average().orElse(most);
      if (mean > most) {
        most = mean;
        best = option;
      }
    }
    return best;
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
