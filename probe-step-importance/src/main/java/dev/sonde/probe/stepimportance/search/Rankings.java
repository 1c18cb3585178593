package dev.sonde.probe.stepimportance.search;

import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.List;
import java.util.Optional;

/** Rankings of steps that were made elsewhere. */
@FunctionalInterface
public interface Rankings {
  /**
   * The ranking of a chain's steps, if there is one.
   *
   * @param chain the chain's id
   */
  Optional<Ranking> of(String chain);

  /**
   * A ranking.
   *
   * @param removable steps that may go at once, 0-based
   * @param order the other steps, the least important first
   */
  record Ranking(Mask removable, List<Integer> order) {
    /** A ranking with its list copied. */
    public Ranking {
      order = List.copyOf(order);
    }
  }
}
