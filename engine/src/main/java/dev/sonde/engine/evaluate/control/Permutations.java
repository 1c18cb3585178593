package dev.sonde.engine.evaluate.control;

import dev.sonde.api.evaluate.Targets;
import dev.sonde.statistics.GroupPermutations;
import dev.sonde.statistics.Groups;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Labelings under the null hypothesis, see {@link GroupPermutations}, and of control tasks. */
final class Permutations {
  private final Targets targets;
  private final GroupPermutations exchanges;

  Permutations(Targets targets, List<String> groups) {
    this.targets = targets;
    double[] labels = new double[targets.size()];
    Arrays.setAll(labels, targets::value);
    this.exchanges = new GroupPermutations(labels, Groups.of(groups));
  }

  /** A labeling drawn at random. */
  Targets draw(RandomGenerator random) {
    return targets.with(exchanges.draw(random));
  }

  /** A labeling in which labels moved inside groups only. */
  Targets drawInside(RandomGenerator random) {
    return targets.with(exchanges.drawInside(random));
  }

  /** Whether labels move between groups. */
  boolean betweenGroups() {
    return exchanges.betweenGroups();
  }

  /** Whether labels move inside groups. */
  boolean insideGroups() {
    return exchanges.insideGroups();
  }

  /** The smallest p that so many draws, or all labelings there are, can reach. */
  double smallestReachable(int draws) {
    return exchanges.smallestReachable(draws);
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
