package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.attribution.InfluenceMatrix;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a variant of the search goes by in a chain.
 *
 * @param influence for the threshold stage; without it there is none
 * @param removable steps to take away at once if the rest passes the tests; none where there is a
 *     threshold stage
 * @param order the order of the greedy queue, the least important first
 */
record Guidance(
    SearchVariant variant,
    Optional<InfluenceMatrix> influence,
    Mask removable,
    List<Integer> order) {
  /** Guidance with its list copied. */
  Guidance {
    order = List.copyOf(order);
  }

  /**
   * By influence: a threshold stage, then the queue.
   *
   * @param onRoot whether the queue goes by influence on the root, not by the mean over later steps
   */
  static Guidance by(SearchVariant variant, InfluenceMatrix influence, boolean onRoot) {
    double[] ofRoot = influence.cells()[influence.size() - 1];
    ToDoubleFunction<Integer> weight = row -> onRoot ? ofRoot[row] : influence.meanOnLater(row);
    List<Integer> order =
        IntStream.range(0, influence.size())
            .filter(row -> influence.steps()[row] >= 0)
            .boxed()
            .sorted(Comparator.comparingDouble(weight))
            .map(row -> influence.steps()[row])
            .toList();
    return new Guidance(variant, Optional.of(influence), Mask.of(), order);
  }

  /** By an order alone. */
  static Guidance by(SearchVariant variant, List<Integer> order) {
    return new Guidance(variant, Optional.empty(), Mask.of(), order);
  }
}
