package dev.sonde.probe.linear;

import dev.sonde.api.evaluate.Targets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The rows of a steering experiment, parted by groups: those a direction is fitted on, those a
 * layer and a dose are chosen on, and those that are reported.
 */
record SteeringSplit(int[] fit, int[] validation, int[] reported) {
  /** Share of each class's groups that the direction is fitted on. */
  private static final double FIT = 0.5;

  /** Share up to which groups are for the choice; the rest is reported. */
  private static final double CHOSEN = 0.7;

  /**
   * Deals groups out. Where some rows are in no fold, by a hand-made split, those in a fold are
   * reported and the others dealt out between fit and choice.
   *
   * @return empty where a part would lack a class
   */
  static Optional<SteeringSplit> of(
      List<String> groups, Targets targets, int[] folds, RandomGenerator random) {
    boolean handMade = IntStream.of(folds).anyMatch(fold -> fold < 0);
    Set<String> fit = new HashSet<>();
    Set<String> validation = new HashSet<>();
    for (List<String> ofClass : shuffledByClass(groups, targets, handMade, folds, random)) {
      for (int i = 0; i < ofClass.size(); i++) {
        double place = (i + 0.5) / ofClass.size() * (handMade ? CHOSEN : 1);
        if (place < FIT) {
          fit.add(ofClass.get(i));
        } else if (place < CHOSEN) {
          validation.add(ofClass.get(i));
        }
      }
    }
    SteeringSplit parts =
        new SteeringSplit(
            rows(groups, row -> fit.contains(groups.get(row)) && !(handMade && folds[row] >= 0)),
            rows(
                groups,
                row -> validation.contains(groups.get(row)) && !(handMade && folds[row] >= 0)),
            rows(
                groups,
                row ->
                    handMade
                        ? folds[row] >= 0
                        : !fit.contains(groups.get(row)) && !validation.contains(groups.get(row))));
    boolean complete =
        List.of(parts.fit(), parts.validation(), parts.reported()).stream()
            .allMatch(part -> part.length > 0 && targets.select(part).vary());
    return complete ? Optional.of(parts) : Optional.empty();
  }

  /** The groups to be dealt out, in two lists by the class that most of their rows have. */
  private static List<List<String>> shuffledByClass(
      List<String> groups, Targets targets, boolean handMade, int[] folds, RandomGenerator random) {
    Map<String, Integer> balance = new LinkedHashMap<>();
    for (int row = 0; row < groups.size(); row++) {
      if (!handMade || folds[row] < 0) {
        balance.merge(groups.get(row), targets.positive(row) ? 1 : -1, Integer::sum);
      }
    }
    List<List<String>> classes = List.of(new ArrayList<>(), new ArrayList<>());
    balance.forEach((group, sum) -> classes.get(sum > 0 ? 0 : 1).add(group));
    classes.forEach(ofClass -> Collections.shuffle(ofClass, random));
    return classes;
  }

  private static int[] rows(List<String> groups, IntPredicate in) {
    return IntStream.range(0, groups.size()).filter(in).toArray();
  }

  /**
   * At most so many of some rows, in file order: drawn by turns from both classes, and from each
   * class's groups by turns.
   */
  static int[] atMost(int limit, int[] rows, List<String> groups, Targets targets) {
    Map<String, Integer> seenOfGroup = new HashMap<>();
    Map<Boolean, List<Ranked>> classes = new HashMap<>();
    for (int row : rows) {
      int rank = seenOfGroup.merge(groups.get(row), 1, Integer::sum);
      classes
          .computeIfAbsent(targets.positive(row), c -> new ArrayList<>())
          .add(new Ranked(row, rank));
    }
    List<Ranked> turns = new ArrayList<>();
    for (List<Ranked> ofClass : classes.values()) {
      Collections.sort(ofClass);
      for (int i = 0; i < ofClass.size(); i++) {
        turns.add(new Ranked(ofClass.get(i).row(), i));
      }
    }
    return turns.stream().sorted().limit(limit).mapToInt(Ranked::row).sorted().toArray();
  }

  private record Ranked(int row, int rank) implements Comparable<Ranked> {
    @Override
    public int compareTo(Ranked other) {
      return rank != other.rank
          ? Integer.compare(rank, other.rank)
          : Integer.compare(row, other.row);
    }
  }
}
