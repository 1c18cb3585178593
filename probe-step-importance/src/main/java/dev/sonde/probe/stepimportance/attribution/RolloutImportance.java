package dev.sonde.probe.stepimportance.attribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What steps are worth by the answers that chains come to which were written anew from before and
 * from behind each (thought anchors, Bogdan et al. 2025): the divergence {@code KL(without ‖ with)}
 * in nats, and the accuracy with the step less that without it.
 */
public final class RolloutImportance {
  /** The divergence, by the name that thought anchors give it. */
  public static final String DIVERGENCE = "importance_kl";

  /** The difference of accuracies, likewise. */
  public static final String ACCURACY = "importance_accuracy";

  /** What the divergence of equal distributions exceeds in one of twenty draws. */
  public static final String FLOOR = "noise_floor_kl";

  /** The entropy of the answers before the step, in nats: what a step can change at all. */
  public static final String HEADROOM = "entropy_before";

  /** Rollouts on either side of the step that came to no answer. */
  public static final String UNANSWERED = "unanswered";

  private static final int DRAWS = 200;
  private static final double QUANTILE = 0.95;

  private RolloutImportance() {}

  /**
   * What some rollouts from one place came to.
   *
   * @param answers how often which answer was given
   * @param right how many were right
   * @param unanswered how many came to none; they stand in no distribution
   */
  public record Outcomes(Map<String, Integer> answers, int right, int unanswered) {
    /** Copies the counts. */
    public Outcomes {
      answers = Map.copyOf(answers);
    }

    /** How many came to an answer. */
    public int answered() {
      return answers.values().stream().mapToInt(count -> count).sum();
    }

    double accuracy() {
      return (double) right / answered();
    }
  }

  /**
   * The scores of the steps between some places.
   *
   * @param without per step, the rollouts that are compared: those from before it
   * @param with per step, those from behind it
   * @param smoothing added to the count of every answer that either side gave
   * @param seed of the noise floor's draws
   * @return measures by name; NaN where one side came to no answer
   */
  public static SequencedMap<String, double[]> of(
      List<Outcomes> without, List<Outcomes> with, double smoothing, long seed) {
    SequencedMap<String, double[]> scores = new LinkedHashMap<>();
    for (String name : List.of(DIVERGENCE, ACCURACY, FLOOR, HEADROOM, UNANSWERED)) {
      scores.put(name, new double[with.size()]);
    }
    for (int step = 0; step < with.size(); step++) {
      Outcomes p = without.get(step);
      Outcomes q = with.get(step);
      boolean known = p.answered() > 0 && q.answered() > 0;
      put(
          scores,
          DIVERGENCE,
          step,
          known ? divergence(p.answers(), q.answers(), smoothing) : nan());
      put(scores, ACCURACY, step, known ? q.accuracy() - p.accuracy() : nan());
      put(scores, FLOOR, step, known ? floor(p, q, smoothing, seed + step) : nan());
      put(scores, HEADROOM, step, p.answered() > 0 ? entropy(p.answers()) : nan());
      put(scores, UNANSWERED, step, p.unanswered() + q.unanswered());
    }
    return scores;
  }

  private static double nan() {
    return Double.NaN;
  }

  private static void put(
      SequencedMap<String, double[]> scores, String name, int step, double value) {
    double[] values = scores.get(name);
    if (values != null) {
      values[step] = value;
    }
  }

  /** {@code KL(p ‖ q)} of two distributions given as counts, in nats. */
  public static <T> double divergence(Map<T, Integer> p, Map<T, Integer> q, double smoothing) {
    Set<T> all = new HashSet<>(p.keySet());
    all.addAll(q.keySet());
    double totalOfP = p.values().stream().mapToInt(n -> n).sum() + smoothing * all.size();
    double totalOfQ = q.values().stream().mapToInt(n -> n).sum() + smoothing * all.size();
    double sum =
        all.stream()
            .mapToDouble(
                each -> {
                  double pOfEach = (p.getOrDefault(each, 0) + smoothing) / totalOfP;
                  double qOfEach = (q.getOrDefault(each, 0) + smoothing) / totalOfQ;
                  return pOfEach * Math.log(pOfEach / qOfEach);
                })
            .sorted()
            .sum();
    return Math.max(0, sum);
  }

  /** The entropy of a distribution given as counts, in nats. */
  static double entropy(Map<String, Integer> counts) {
    double total = counts.values().stream().mapToInt(n -> n).sum();
    return counts.values().stream()
        .mapToDouble(count -> -count / total * Math.log(count / total))
        .sorted()
        .sum();
  }

  /** What the divergence exceeds in one of twenty draws of both sides from one pool. */
  private static double floor(Outcomes p, Outcomes q, double smoothing, long seed) {
    List<String> pool = new ArrayList<>();
    for (Outcomes side : List.of(p, q)) {
      side.answers().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(each -> pool.addAll(Collections.nCopies(each.getValue(), each.getKey())));
    }
    Random random = new Random(seed);
    double[] divergences = new double[DRAWS];
    for (int draw = 0; draw < DRAWS; draw++) {
      Collections.shuffle(pool, random);
      divergences[draw] =
          divergence(
              counts(pool.subList(0, p.answered())),
              counts(pool.subList(p.answered(), pool.size())),
              smoothing);
    }
    Arrays.sort(divergences);
    return divergences[(int) Math.ceil(QUANTILE * DRAWS) - 1];
  }

  private static Map<String, Integer> counts(List<String> answers) {
    Map<String, Integer> counts = new HashMap<>();
    answers.forEach(answer -> counts.merge(answer, 1, Integer::sum));
    return counts;
  }
}
