package dev.sonde.probe.stepimportance.search;

import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import dev.sonde.api.data.Study;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rankings of steps that were made elsewhere. */
@FunctionalInterface
public interface StepRankings {
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

  /** No ranking of any chain. */
  static StepRankings none() {
    return chain -> Optional.empty();
  }

  /**
   * The rankings in a data set with rows {@code id}, {@code order} and, where there are any, {@code
   * removable} steps.
   *
   * @throws dev.sonde.api.InvalidInputException if a row has no list of whole numbers there
   */
  static StepRankings in(Study set, Config config) {
    Map<String, Ranking> rankings = new HashMap<>();
    for (Example row : set.examples()) {
      int[] removable = row.has("removable") ? numbers(row, "removable", config) : new int[0];
      List<Integer> order = Arrays.stream(numbers(row, "order", config)).boxed().toList();
      rankings.put(row.id(), new Ranking(Mask.of(removable), order));
    }
    return chain -> Optional.ofNullable(rankings.get(chain));
  }

  private static int[] numbers(Example row, String column, Config config) {
    try {
      return row.texts(column).stream().mapToInt(Integer::parseInt).toArray();
    } catch (NumberFormatException e) {
      throw config.error(
          "rankings",
          "row '%s': column '%s' is no list of whole numbers: %s"
              .formatted(row.id(), column, row.texts(column)));
    }
  }
}
