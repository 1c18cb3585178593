package dev.sonde.probe.stepimportance.score;

import dev.sonde.api.config.Config;
import dev.sonde.api.data.Example;
import dev.sonde.probe.stepimportance.chain.Mask;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Which subsets of a chain's steps are scored. The whole chain and no step at all always are.
 *
 * @param kind how they are chosen
 * @param draws orders that are drawn for Shapley values
 * @param column where a row's own subsets stand
 */
record Subsets(Kind kind, int draws, String column) {
  /** How subsets are chosen. */
  enum Kind {
    /** All steps but one, for each of them. */
    LEAVE_ONE_OUT,
    /** The beginnings of drawn orders of the steps. */
    SHAPLEY,
    /** Those that the row names: texts of steps from 0, set apart by spaces or commas. */
    ROWS
  }

  static Subsets of(Config config) {
    return new Subsets(
        Kind.valueOf(config.string("subsets").toUpperCase(Locale.ROOT)),
        config.integer("draws"),
        config.string("subsets_column"));
  }

  /** The orders that Shapley values are means over; none for other kinds. */
  List<List<Integer>> orders(int steps, RandomGenerator random) {
    List<List<Integer>> orders = new ArrayList<>();
    for (int draw = 0; kind == Kind.SHAPLEY && draw < draws; draw++) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, steps).boxed().toList());
      Collections.shuffle(order, Random.from(random));
      orders.add(order);
    }
    return orders;
  }

  /**
   * The subsets of a row, each once.
   *
   * @throws dev.sonde.api.InvalidInputException if the row names a step that the chain has not
   */
  List<Mask> of(Example row, int steps, List<List<Integer>> orders, Config config) {
    Set<Mask> masks = new LinkedHashSet<>();
    Mask all = Mask.first(steps);
    masks.add(Mask.of());
    masks.add(all);
    switch (kind) {
      case LEAVE_ONE_OUT -> IntStream.range(0, steps).forEach(step -> masks.add(all.without(step)));
      case SHAPLEY ->
          orders.forEach(
              order -> {
                Mask mask = Mask.of();
                for (int step : order) {
                  mask = mask.with(step);
                  masks.add(mask);
                }
              });
      case ROWS -> row.texts(column).forEach(text -> masks.add(named(text, steps, row, config)));
    }
    return List.copyOf(masks);
  }

  private Mask named(String text, int steps, Example row, Config config) {
    Mask mask = Mask.of();
    for (String number : text.strip().split("[\\s,]+", -1)) {
      if (number.isEmpty()) {
        continue;
      }
      if (!number.matches("\\d{1,6}") || Integer.parseInt(number) >= steps) {
        throw config.error(
            "subsets_column",
            "row '%s': '%s' in column '%s' is no step of a chain of %d"
                .formatted(row.id(), number, column, steps));
      }
      mask = mask.with(Integer.parseInt(number));
    }
    return mask;
  }
}
