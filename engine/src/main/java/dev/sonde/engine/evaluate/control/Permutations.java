package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.GroupFlips;
import dev.sonde.statistics.GroupPermutations;
import dev.sonde.statistics.Groups;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Labelings under the null hypothesis, see {@link GroupPermutations}, of contrast pairs {@link
 * GroupFlips}, and of control tasks.
 */
final class Permutations {
  private final Targets targets;
  private final GroupPermutations exchanges;
  private final Optional<GroupFlips> flips;

  Permutations(Targets targets, List<String> groups) {
    this(targets, groups, false);
  }

  /**
   * Of the labels of some rows.
   *
   * @param pairs whether rows are contrast pairs, each of which lies in one group
   */
  Permutations(Targets targets, List<String> groups, boolean pairs) {
    this.targets = targets;
    double[] labels = new double[targets.size()];
    Arrays.setAll(labels, targets::value);
    Groups numbered = Groups.of(groups);
    this.exchanges = new GroupPermutations(labels, numbered);
    this.flips = pairs ? Optional.of(new GroupFlips(labels, numbered)) : Optional.empty();
  }

  /** A labeling drawn at random. */
  Targets draw(RandomGenerator random) {
    return targets.with(
        flips.map(some -> some.draw(random)).orElseGet(() -> exchanges.draw(random)));
  }

  /** A labeling in which labels moved inside groups only. */
  Targets drawInside(RandomGenerator random) {
    return targets.with(exchanges.drawInside(random));
  }

  /** Whether labels move between groups. */
  boolean betweenGroups() {
    return flips.isEmpty() && exchanges.betweenGroups();
  }

  /** Whether labels move inside groups; of contrast pairs {@link ContrastPairs} tells that. */
  boolean insideGroups() {
    return flips.isEmpty() && exchanges.insideGroups();
  }

  /** The smallest p that so many draws, or all labelings there are, can reach. */
  double smallestReachable(int draws) {
    return flips
        .map(some -> some.smallestReachable(draws))
        .orElseGet(() -> exchanges.smallestReachable(draws));
  }

  /** The same of labelings in which labels moved inside groups only. */
  double smallestReachableInside(int draws) {
    return exchanges.smallestReachableInside(draws);
  }

  /**
   * The random labels of a control task: each group gets a label of its own, so that it can only be
   * known by memorising groups. Of two classes half the groups get each; graded labels are those of
   * random rows.
   */
  Targets controlTask(List<String> groups, RandomGenerator random) {
    List<String> distinct = groups.stream().distinct().toList();
    double[] labels = new double[distinct.size()];
    boolean graded = !targets.isBinary();
    for (int i = 0; i < labels.length; i++) {
      labels[i] =
          graded ? targets.value(random.nextInt(targets.size())) : i < labels.length / 2 ? 1 : 0;
    }
    GroupPermutations.shuffle(labels, random);
    Map<String, Double> labelOfGroup = new HashMap<>();
    for (int i = 0; i < labels.length; i++) {
      labelOfGroup.put(distinct.get(i), labels[i]);
    }
    return targets.with(
        groups.stream().mapToDouble(group -> labelOfGroup.getOrDefault(group, 0.0)).toArray());
  }
}
