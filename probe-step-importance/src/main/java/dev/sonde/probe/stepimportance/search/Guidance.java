package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.attribution.StepScores;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a variant of the search goes by in a chain.
 *
 * @param influence for the threshold stage; without it there is none
 * @param removable steps to take away at once if the rest passes the tests; none where there is a
 *     threshold stage
 * @param orders of the greedy queue, the least important first; the search is repeated for each
 * @param scores what was measured of the prefix's steps
 */
record Guidance(
    SearchVariant variant,
    Optional<InfluenceMatrix> influence,
    Mask removable,
    List<List<Integer>> orders,
    StepScores scores) {
  /** Guidance with its lists copied. */
  Guidance {
    orders = orders.stream().map(List::copyOf).toList();
  }

  /**
   * By influence: a threshold stage, then the queue.
   *
   * @param onRoot whether the queue goes by influence on the root, not by the mean over later steps
   */
  static Guidance by(SearchVariant variant, InfluenceMatrix influence, boolean onRoot) {
    double[] ofRoot = influence.cells()[influence.size() - 1];
    ToDoubleFunction<Integer> weight = row -> onRoot ? ofRoot[row] : influence.meanOnLater(row);
    List<Integer> rows =
        IntStream.range(0, influence.size())
            .filter(row -> influence.steps()[row] >= 0)
            .boxed()
            .toList();
    List<Integer> order =
        rows.stream()
            .sorted(Comparator.comparingDouble(weight))
            .map(row -> influence.steps()[row])
            .toList();
    SequencedMap<String, double[]> scores = new LinkedHashMap<>();
    scores.put("mean_influence", rows.stream().mapToDouble(influence::meanOnLater).toArray());
    scores.put("root_influence", rows.stream().mapToDouble(row -> ofRoot[row]).toArray());
    return new Guidance(
        variant, Optional.of(influence), Mask.of(), List.of(order), new StepScores(scores));
  }

  /** By orders alone. */
  static Guidance by(SearchVariant variant, List<List<Integer>> orders, StepScores scores) {
    return new Guidance(variant, Optional.empty(), Mask.of(), orders, scores);
  }
}
