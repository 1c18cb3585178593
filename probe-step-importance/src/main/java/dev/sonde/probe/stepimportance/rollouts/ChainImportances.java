package dev.sonde.probe.stepimportance.rollouts;

import dev.sonde.answers.Answer;
import dev.sonde.answers.AnswerParser;
import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.attribution.RolloutImportance;
import dev.sonde.probe.stepimportance.attribution.RolloutImportance.Outcomes;
import dev.sonde.probe.stepimportance.rollouts.RecordedRollouts.Rollout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * The importances of a chain's steps by the names that thought anchors have for them: {@code
 * resampling} compares what was written from before a step with what was written from before the
 * next; {@code counterfactual} takes of the former only those that wrote another step there; {@code
 * forced} compares answers that were forced at both places.
 *
 * @param steps the steps as texts
 * @param byName a value per step; NaN where nothing could be compared
 */
record ChainImportances(List<String> steps, SequencedMap<String, double[]> byName) {
  /** Rollouts of the next step's kind are compared only where both are there. */
  private static final List<String> MEASURES =
      List.of(RolloutImportance.ACCURACY, RolloutImportance.DIVERGENCE);

  /**
   * The importances of a row.
   *
   * @param threshold steps as similar as this are the same step
   * @param smoothing added to every count of answers
   */
  static ChainImportances of(
      Example row, AnswerParser parser, double threshold, double smoothing, long seed) {
    List<String> steps = row.texts("steps");
    Optional<Answer> accepted =
        row.has("answer") ? parser.read(row.text("answer")) : Optional.empty();
    List<RecordedRollouts> resampled = new ArrayList<>();
    List<RecordedRollouts> forced = new ArrayList<>();
    for (int step = 0; step < steps.size(); step++) {
      resampled.add(RecordedRollouts.of(row, "rollouts", step, parser, accepted));
      forced.add(RecordedRollouts.of(row, "forced", step, parser, accepted));
    }
    SequencedMap<String, double[]> all = new LinkedHashMap<>();
    all.put("accuracy", accuracies(resampled));
    Map<String, double[]> plain = compared(resampled, List.of(), 2, smoothing, seed);
    MEASURES.forEach(name -> put(all, "resampling_" + name, plain, name));
    put(all, RolloutImportance.FLOOR, plain, RolloutImportance.FLOOR);
    put(all, RolloutImportance.HEADROOM, plain, RolloutImportance.HEADROOM);
    put(all, RolloutImportance.UNANSWERED, plain, RolloutImportance.UNANSWERED);
    Map<String, double[]> other = compared(resampled, steps, threshold, smoothing, seed);
    other.computeIfPresent(RolloutImportance.ACCURACY, (name, values) -> negated(values));
    MEASURES.forEach(name -> put(all, "counterfactual_" + name, other, name));
    all.put("different_trajectories_fraction", different(resampled, steps, threshold));
    Map<String, double[]> answers = compared(forced, List.of(), 2, smoothing, seed);
    MEASURES.forEach(name -> put(all, "forced_" + name, answers, name));
    return new ChainImportances(steps, all);
  }

  /** Thought anchors' counterfactual accuracy is that without the step less that with it. */
  private static double[] negated(double[] values) {
    return Arrays.stream(values).map(value -> -value).toArray();
  }

  private static void put(
      SequencedMap<String, double[]> into, String name, Map<String, double[]> from, String of) {
    double[] values = from.get(of);
    if (values != null) {
      into.put(name, values);
    }
  }

  /**
   * What steps are worth; the last has no next one.
   *
   * @param steps where given, rollouts that wrote about the same step do not count
   */
  private static Map<String, double[]> compared(
      List<RecordedRollouts> rollouts,
      List<String> steps,
      double threshold,
      double smoothing,
      long seed) {
    List<Outcomes> without = new ArrayList<>();
    List<Outcomes> with = new ArrayList<>();
    Outcomes none = new Outcomes(Map.of(), 0, 0);
    for (int step = 0; step < rollouts.size(); step++) {
      int own = step;
      Predicate<Rollout> which =
          steps.isEmpty() ? all -> true : r -> isOther(steps.get(own), r, threshold);
      without.add(rollouts.get(step).outcomes(which));
      with.add(step + 1 < rollouts.size() ? rollouts.get(step + 1).outcomes() : none);
    }
    return RolloutImportance.of(without, with, smoothing, seed);
  }

  private static boolean isOther(String step, Rollout rollout, double threshold) {
    return WordSimilarity.of(step, rollout.resampled()) < threshold;
  }

  private static double[] different(
      List<RecordedRollouts> rollouts, List<String> steps, double threshold) {
    double[] shares = new double[rollouts.size()];
    Arrays.setAll(
        shares,
        step ->
            rollouts.get(step).rollouts().stream()
                .mapToDouble(r -> isOther(steps.get(step), r, threshold) ? 1 : 0)
                .average()
                .orElse(Double.NaN));
    return shares;
  }

  private static double[] accuracies(List<RecordedRollouts> rollouts) {
    double[] accuracies = new double[rollouts.size()];
    Arrays.setAll(
        accuracies,
        step -> {
          Outcomes outcomes = rollouts.get(step).outcomes();
          return outcomes.answered() == 0
              ? Double.NaN
              : (double) outcomes.right() / outcomes.answered();
        });
    return accuracies;
  }
}
